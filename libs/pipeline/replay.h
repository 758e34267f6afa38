// Reading what a partition holds now, from one offset to another, outside of any runner: for shards that are made anew.
#pragma once

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bus/bus.h"

namespace kawat::pipeline {

// One past the last record that is there: the end of the log may be offsets whose records compaction removed. The
// range's start: there is none.
absl::StatusOr<std::int64_t> AfterLastRecord(const bus::TopicPartition& partition, bus::Consumer& consumer);

// `visit`s the records in [from, to), in order; the one at to - 1 must be there. Assigns the consumer. A log that
// cannot be reached is waited for, for half a minute. An error of `visit` ends it and is returned.
absl::Status ReadThrough(const bus::TopicPartition& partition, std::int64_t from, std::int64_t to,
                         bus::Consumer& consumer, const std::function<absl::Status(const bus::Record&)>& visit);

}  // namespace kawat::pipeline
