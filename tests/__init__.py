"""The tests of Holdfast, one folder for each room."""
