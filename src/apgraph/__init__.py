"""The Advanced Practitioner framework as a graph you can question."""
