"""A schema registry: where the released contracts are published for others, and where a reader finds a later writer's schema."""
