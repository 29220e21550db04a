package dev.atelier.domain;

/**
 * The parameters of a request other than prompt and model. The model's kind determines the type.
 */
public sealed interface GenerationOptions permits ImageOptions, VideoOptions {}
