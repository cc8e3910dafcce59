"""A whole year of the sample plan: who does what (story), what clerks type (clerks), what the office does (office)."""
