package dev.atelier.domain;

/**
 * What a request asks for beside its prompt; which options there are follows from the model's kind.
 */
public sealed interface Options permits ImageOptions, VideoOptions {}
