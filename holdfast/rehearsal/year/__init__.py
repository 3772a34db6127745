"""A year of an invented network: every pathway at once, people who are away, wrong numbers, bounces and crashes."""
