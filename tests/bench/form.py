"""The dialogue that all contestants hold: twelve questions, and thanks at the end."""

QUESTIONS = (
    "What is your name?",
    "In which year were you born?",
    "Which street do you live in?",
    "Which number has the house?",
    "On which floor?",
    "Which door?",
    "What is your phone number?",
    "Whom may we call if something is wrong?",
    "What is their phone number?",
    "What do you like to eat?",
    "What must you not eat?",
    "When shall we begin?",
)
THANKS = "Thank you, that was all."
ANSWER = "Answer {number}, in a few words"
COMMAND = "form"
