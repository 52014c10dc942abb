"""The look: colours, type and grid, icons, status signs, and the one style sheet made from them."""
