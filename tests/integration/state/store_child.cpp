// What the tests of the RocksDB store need a process of its own for: store_child hold|full|readonly FOLDER. Answers on
// standard output.
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>

#include "state/rocksdb/rocksdb_store.h"
#include "tests/support/small_disk.h"

namespace {

using kawat::state::OpenRocksDb;

void Say(std::string_view line) {
  std::printf("%.*s\n", static_cast<int>(line.size()), line.data());
  std::fflush(stdout);
}

absl::Status FillUp(const std::string& folder) {
  auto store = OpenRocksDb(folder);
  std::mt19937 random(1);
  std::string value(100'000, '\0');
  for (int i = 0; store.ok() && i < 1000; ++i) {
    auto txn = (*store)->Begin();
    std::generate(value.begin(), value.end(), [&] { return static_cast<char>(random()); });  // does not compress
    txn->Put(std::to_string(i), value);
    if (absl::Status status = (*store)->Commit(std::move(txn)); !status.ok()) {
      return status;
    }
  }
  return store.status();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    return 2;
  }
  const std::string_view command = argv[1];
  const std::string folder = argv[2];
  if (command == "hold") {
    const auto store = OpenRocksDb(folder);
    Say(store.ok() ? "held" : store.status().ToString());
    ::pause();
  }
  if (!kawat::support::MountSmallDisk(folder, "size=40m", command == "readonly" ? MS_RDONLY : 0)) {
    Say("not allowed");
    return 0;
  }
  Say((command == "full" ? FillUp(folder) : OpenRocksDb(folder).status()).ToString());
  return 0;
}
