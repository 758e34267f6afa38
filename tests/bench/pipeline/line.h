// parse, dedupe and four shards of store with their search indexes, each on a thread of its own as in `kawat up`, over
// one bus and RocksDB folders.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "bus/bus.h"
#include "bus/record.h"

namespace kawat::bench {

inline constexpr int kPartitions = 4;

enum class Input { kPages, kParsed };

// Articles of 2 to 20 KB, made from the seed: as the pages that hold them, or as parse would give them.
std::vector<bus::Record> MakeInput(Input input, int count, unsigned seed);

struct Shares {  // how long a stage's batches took, in all
  int batches = 0;
  absl::Duration apply, send, commit;
};

struct Result {
  absl::Duration cpu;                    // of the process, in that time
  absl::Duration time;                   // from the first Apply until all are searchable
  std::map<std::string, Shares> shares;  // by stage, of the exact runner
};

// Runs the line until `count` articles are searchable. `input` lies on the bus, whose topics are there. `exact`: the
// real StageRunner; else LooseRunner.
Result RunLine(bus::Bus& bus, const std::filesystem::path& folder, Input input, int count, bool exact);

}  // namespace kawat::bench
