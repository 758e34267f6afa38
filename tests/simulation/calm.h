// The same input without faults: what each stage makes of its log in one piece, as lines that can be compared.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bus/record.h"
#include "state/store.h"
#include "tests/simulation/process.h"
#include "tests/support/memory_bus.h"

namespace kawat::simulation {

using Lines = std::set<std::string>;

// The logical content of a state or an index: not where and how often it was told. `adopted`: without what an adoption
// cannot know (services/dedupe/adoption.h).
Lines LinesOf(Service service, const state::Reader& state, bool adopted = false);
Lines LinesOf(const support::MemoryIndex& index);
Lines IndexLinesOf(const state::Reader& store);  // what its index should hold

// The newest value of each key of kawat.articles.
Lines FactsOf(const support::MemoryBus& log);

struct CalmDedupe {
  Lines state;
  Lines facts;
};
CalmDedupe RunCalmDedupe(const std::vector<bus::Record>& parsed, bool adopted);
Lines RunCalmStore(const support::MemoryBus& log, int partition);
Lines RunCalmFetch(const std::vector<bus::Record>& journal, int partition);

// "lacks X, has Y": the first of each.
std::string FirstDifference(const Lines& is, const Lines& should);

// How far a state has read; nullopt: it has not begun.
std::optional<std::int64_t> NextOffset(const state::Reader& state, const bus::TopicPartition& input);
// The highest complete_below that kawat.articles tells.
std::int64_t CompleteBelow(const support::MemoryBus& log);
// One past the last record that a partition holds.
std::int64_t LastOffset(const support::MemoryBus& log, const bus::TopicPartition& input);

}  // namespace kawat::simulation
