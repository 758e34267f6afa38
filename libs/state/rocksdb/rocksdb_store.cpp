#include "state/rocksdb/rocksdb_store.h"

#include <rocksdb/db.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/utilities/write_batch_with_index.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/status.h"
#include "rocks/rocks.h"
#include "state/rocksdb/rocksdb_view.h"

namespace kawat::state {
namespace {

using internal::ToSlice;

class RocksDbTxn final : public Txn {
 public:
  explicit RocksDbTxn(rocksdb::DB& db) : view_(db), batch_(rocksdb::BytewiseComparator(), 0, /*overwrite_key=*/true) {
    batch_.SetSavePoint();
  }

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override {
    std::string value;
    const rocksdb::Status status = batch_.GetFromBatchAndDB(&view_.db(), rocksdb::ReadOptions(), ToSlice(key), &value);
    return internal::ToValue(status, std::move(value));
  }

  absl::Status Scan(std::string_view prefix, std::string_view from, const Visitor& visit) const override {
    const std::unique_ptr<rocksdb::Iterator> it(
        batch_.NewIteratorWithBase(view_.db().NewIterator(rocksdb::ReadOptions())));
    ++scans_;
    absl::Status status = internal::Walk(*it, prefix, from, visit);
    --scans_;
    return status;
  }

  void Put(std::string_view key, std::string_view value) override {
    CheckNotScanning();
    Check(batch_.Put(ToSlice(key), ToSlice(value)));
  }
  void Delete(std::string_view key) override {
    CheckNotScanning();
    Check(batch_.Delete(ToSlice(key)));
  }
  void SetSavePoint() override {
    Check(batch_.PopSavePoint());
    batch_.SetSavePoint();
  }
  void RollBack() override {
    CheckNotScanning();
    Check(batch_.RollbackToSavePoint());
    batch_.SetSavePoint();
  }

  const rocksdb::DB* db() const { return &view_.db(); }
  rocksdb::WriteBatch* batch() { return batch_.GetWriteBatch(); }

 private:
  static void Check(const rocksdb::Status& status) {
    KAWAT_CHECK(status.ok(), "a change of a batch in memory cannot fail");
  }
  void CheckNotScanning() const { KAWAT_CHECK(scans_ == 0, "a visitor must not change the transaction it scans"); }

  internal::View view_;
  mutable rocksdb::WriteBatchWithIndex batch_;  // its reads are const in meaning only
  mutable int scans_ = 0;
};

class RocksDbStore final : public Store {
 public:
  RocksDbStore(std::filesystem::path path, const RocksDbOptions& options, std::unique_ptr<rocksdb::DB> db)
      : path_(std::move(path)),
        reserve_bytes_(options.disk_reserve_bytes),
        sync_(options.sync),
        db_(std::move(db)),
        view_(*db_) {}

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) const override { return view_.Get(key); }
  absl::Status Scan(std::string_view prefix, std::string_view from, const Visitor& visit) const override {
    return view_.Scan(prefix, from, visit);
  }
  std::unique_ptr<Txn> Begin() override { return std::make_unique<RocksDbTxn>(*db_); }

  absl::Status Commit(std::unique_ptr<Txn> txn) override {
    auto* own = dynamic_cast<RocksDbTxn*>(txn.get());
    KAWAT_CHECK(own != nullptr && own->db() == db_.get(), "a transaction of another store");
    if (own->batch()->Count() == 0) {
      return absl::OkStatus();
    }
    KAWAT_RETURN_IF_ERROR(rocks::CheckFreeSpace(path_, reserve_bytes_));
    rocksdb::WriteOptions write;
    write.sync = sync_;
    return rocks::ToStatus(db_->Write(write, own->batch()), absl::StrCat("cannot commit to ", path_.string()));
  }

  absl::Status Checkpoint(const std::filesystem::path& folder) const {
    rocksdb::Checkpoint* raw = nullptr;
    rocksdb::Status status = rocksdb::Checkpoint::Create(db_.get(), &raw);
    const std::unique_ptr<rocksdb::Checkpoint> checkpoint(raw);
    if (status.ok()) {
      status = checkpoint->CreateCheckpoint(folder.string());
    }
    return rocks::ToStatus(status, absl::StrCat("cannot copy ", path_.string(), " to ", folder.string()));
  }

  StoreUsage Usage() const override {
    const auto ask = [this](const std::string& property) {
      std::uint64_t value = 0;
      db_->GetIntProperty(property, &value);
      return value;
    };
    using Properties = rocksdb::DB::Properties;
    return {.disk_bytes = ask(Properties::kTotalSstFilesSize),
            .memory_bytes = ask(Properties::kSizeAllMemTables) + ask(Properties::kEstimateTableReadersMem) +
                            ask(Properties::kBlockCacheUsage),
            .writes_held_back = ask(Properties::kIsWriteStopped) > 0 || ask(Properties::kActualDelayedWriteRate) > 0};
  }

 private:
  std::filesystem::path path_;
  std::uintmax_t reserve_bytes_;
  bool sync_;
  std::unique_ptr<rocksdb::DB> db_;
  internal::View view_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenRocksDb(const std::filesystem::path& path, const RocksDbOptions& options) {
  const rocksdb::Options rocksdb_options =
      rocks::DefaultOptions({options.block_cache_bytes, options.write_buffer_bytes});
  KAWAT_ASSIGN_OR_RETURN(std::unique_ptr<rocksdb::DB> db, rocks::Open(path, rocksdb_options, options.lock_wait));
  KAWAT_RETURN_IF_ERROR(rocks::CheckFormat(*db, path, options.format));
  return std::make_unique<RocksDbStore>(path, options, std::move(db));
}

absl::Status Checkpoint(const Store& store, const std::filesystem::path& folder) {
  const auto* own = dynamic_cast<const RocksDbStore*>(&store);
  KAWAT_CHECK(own != nullptr, "a store that is no folder");
  return own->Checkpoint(folder);
}

}  // namespace kawat::state
