"""Who it is, how they get in, and what keeps everybody else out.

| | |
|---|---|
| whose account | tables, customers, viewer, profiles, zones, contacts, email_address, email_changes, telephones, phones, phone_codes |
| the door | actions, entering, sign_ins, one_time_codes, asked_cookie, sign_in_links, throttle, locking |
| passwords | passwords, new_passwords, forgotten_passwords, password_links, password_strength, strength_words |
| factors | factor_tables, factors, second_factors, passkeys, passkey_answers, passkey_hints, challenges, authenticators, recovery_codes, factor_resets, names, security_cards |
| a fresh proof | proofs, guard |
| where they are in | sessions, devices, leaving, browsers, places, session_cards |
| what happened | activity, activity_kinds, activity_cards, activity_export, alarms, origin, support, operators, retention |
| pages | forms, door, and each file that ends in `pages` |
"""  # noqa: E501 - a table
