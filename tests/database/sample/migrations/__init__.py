"""The migrations of the sample, as `bot.database.make` wrote them."""
