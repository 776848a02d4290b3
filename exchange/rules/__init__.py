"""Business rules over documents; they know no partner."""
