// A shard's state as a port: ordered keys and values, changed by atomic batches.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace kawat::state {

// Visits keys in byte order; return false to stop.
using Visitor = std::function<bool(std::string_view key, std::string_view value)>;

class Reader {
 public:
  virtual ~Reader() = default;

  // nullopt: no such key. An error is a broken disk, never absence.
  virtual absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const = 0;

  // Keys with `prefix`, from `from` on when that is greater. Views are valid during the call.
  virtual absl::Status Scan(std::string_view prefix, std::string_view from, const Visitor& visit) const = 0;
};

// Changes that are not visible to others until Store::Commit; its own reads see them. One thread. A visitor of its Scan
// must not change it: collect the keys first.
class Txn : public Reader {
 public:
  virtual void Put(std::string_view key, std::string_view value) = 0;
  virtual void Delete(std::string_view key) = 0;

  // Marks a point to which RollBack returns. One mark at a time: a later SetSavePoint replaces the earlier. The first
  // is the beginning.
  virtual void SetSavePoint() = 0;
  virtual void RollBack() = 0;
};

// What a store takes, for metrics.
struct StoreUsage {
  std::uint64_t disk_bytes = 0;
  std::uint64_t memory_bytes = 0;
  bool writes_held_back = false;  // the disk is slower than what is written: commits wait
};

// Threads: reads from any; Begin and Commit from one.
// Adapters: rocksdb (one folder), memory (tests/support). One contract test holds for both.
class Store : public Reader {
 public:
  virtual std::unique_ptr<Txn> Begin() = 0;

  // All of it or nothing, synced to disk when it returns. On error the state on disk is one of the two, and the owner
  // ends the process.
  virtual absl::Status Commit(std::unique_ptr<Txn> txn) = 0;

  // Any thread. Zeros: not known.
  virtual StoreUsage Usage() const { return {}; }
};

}  // namespace kawat::state
