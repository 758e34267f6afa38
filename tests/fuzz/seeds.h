// What a fuzz target gives standalone_main.cpp to mutate: examples of well-formed input. libFuzzer does not see them.
#pragma once

#include <span>
#include <string_view>

// Defined by the target, or not at all.
extern "C++" [[gnu::weak]] std::span<const std::string_view> FuzzSeeds();
