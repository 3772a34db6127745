"""The pages of the directory: organisations, teams, services, people, rosters, absences, and those who leave."""
