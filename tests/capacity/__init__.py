"""Tests of slots: held, offered, booked, released, and never twice."""
