// A shard's disk: its state and, beside it, what was committed into it, in order. Copied as a folder is.
#pragma once

#include <memory>
#include <vector>

#include "bus/record.h"
#include "pipeline/stage.h"
#include "tests/support/memory_index.h"
#include "tests/support/memory_store.h"

namespace kawat::simulation {

struct Shard {
  support::MemoryStore::Map state;
  support::MemoryIndex index;        // store only
  std::vector<bus::Record> journal;  // fetch only: its events and records, as they were applied
};

// Keeps what each commit applied, for Shard::journal. `store` must outlive it.
class Journal final : public state::Store {
 public:
  Journal(support::MemoryStore& store, support::Faults& faults, std::vector<bus::Record>& journal)
      : store_(store), faults_(faults), journal_(journal) {}

  void Note(const bus::Record& record) { batch_.push_back(record); }

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override { return store_.Get(key); }
  absl::Status Scan(std::string_view prefix, std::string_view from, const state::Visitor& visit) const override {
    return store_.Scan(prefix, from, visit);
  }
  std::unique_ptr<state::Txn> Begin() override { return store_.Begin(); }
  absl::Status Commit(std::unique_ptr<state::Txn> txn) override {
    const absl::Status status = store_.Commit(std::move(txn));
    if (status.ok() || faults_.fate() == support::Fate::kKept) {
      journal_.insert(journal_.end(), batch_.begin(), batch_.end());
    }
    batch_.clear();
    return status;
  }

 private:
  support::MemoryStore& store_;
  support::Faults& faults_;
  std::vector<bus::Record>& journal_;
  std::vector<bus::Record> batch_;
};

// Tells the journal what its stage applies.
class Journalled final : public pipeline::Stage {
 public:
  Journalled(pipeline::Stage& stage, Journal& journal) : stage_(stage), journal_(journal) {}

  absl::Status Apply(const bus::Record& in, state::Txn& state, pipeline::Outbox& out) override {
    journal_.Note(in);
    return stage_.Apply(in, state, out);
  }
  void Refused(const bus::Record& in, article::Reason reason, pipeline::Outbox& out) override {
    stage_.Refused(in, reason, out);
  }
  absl::Status Committed() override { return stage_.Committed(); }

 private:
  pipeline::Stage& stage_;
  Journal& journal_;
};

}  // namespace kawat::simulation
