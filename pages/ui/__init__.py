"""What the screens share: frame, language, links, the door for untrusted text, charts, cards."""
