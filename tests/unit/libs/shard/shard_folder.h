// A data folder with a small shard store/00.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "pipeline/cursor.h"
#include "shard/backup.h"
#include "state/rocksdb/rocksdb_look.h"
#include "state/rocksdb/rocksdb_store.h"
#include "tests/support/status.h"
#include "tests/support/temp_folder.h"

namespace kawat::shard {

inline const Name kShard{.service = "store", .number = 0};

class ShardFolder {
 public:
  ShardFolder() {
    Open();
    Put(pipeline::OwnerKey(), "store/0");
    Put("key", "value");
  }

  void Open() {
    auto opened = state::OpenRocksDb(folder());
    EXPECT_OK(opened);
    store = *std::move(opened);
  }
  void Put(std::string_view key, std::string_view value) const {
    std::unique_ptr<state::Txn> txn = store->Begin();
    txn->Put(key, value);
    EXPECT_OK(store->Commit(std::move(txn)));
  }
  absl::StatusOr<Backup> BackUp(std::string_view name) const {
    Backups backups(data());
    backups.Add({.name = kShard, .store = store.get(), .copy_beside = [](const std::filesystem::path& to) {
                   std::ofstream(to / "index.sqlite") << "index";
                   return absl::OkStatus();
                 }});
    return backups.Make("store/00", name);
  }

  std::filesystem::path data() const { return temporary.path(); }
  std::filesystem::path folder() const { return kShard.FolderIn(data()); }

  support::TempFolder temporary;
  std::unique_ptr<state::Store> store;
};

inline std::string ValueIn(const std::filesystem::path& folder) {
  const auto look = state::OpenRocksDbForLook(folder);
  EXPECT_OK(look);
  return look.ok() ? (*look)->Get("key").value_or("no").value_or("none") : "";
}

}  // namespace kawat::shard
