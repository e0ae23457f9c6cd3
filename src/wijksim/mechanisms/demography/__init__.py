"""Demography: births, deaths, care homes, couples, young people who leave home, retirement."""
