//! What a change of policy does to each person, before it is made.
