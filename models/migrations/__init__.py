"""The product's migrations, applied at start by bot.database.migrations."""
