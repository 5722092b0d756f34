"""A2: does the payment fit the plan in force on the day?"""
