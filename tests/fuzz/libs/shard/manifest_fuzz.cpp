// Any bytes are a backup.json, and names of a shard and a backup; what is taken leads nowhere else.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "shard/backup.h"
#include "shard/manifest.h"
#include "tests/fuzz/seeds.h"

namespace {

constexpr std::array<std::string_view, 1> kSeeds = {
    R"({"format":1,"shard":"store/07","kawat":"0.1.0","made":"2027-01-15T08:00:00Z","owner":"store/7",)"
    R"("positions":[{"topic":"kawat.articles","partition":7,"next":4711,"log_epoch":1,"last_record_ms":1234}],)"
    R"("files":[{"name":"CURRENT","bytes":16,"sha256":"0000000000000000000000000000000000000000000000000000000000000000"}]})"};

}  // namespace

std::span<const std::string_view> FuzzSeeds() { return kSeeds; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kawat::shard;  // NOLINT(google-build-using-namespace)
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::filesystem::path root = "/data";
  if (const auto manifest = ParseManifest(text); manifest.ok()) {
    for (const File& file : manifest->files) {
      KAWAT_CHECK((root / file.name).lexically_normal().parent_path() == root, "a file out of the folder");
    }
    const auto again = ParseManifest(Encode(*manifest));
    KAWAT_CHECK(again.ok() && again->files == manifest->files && again->shard == manifest->shard,
                "it changes when kept");
  }
  if (const auto name = ParseName(text); name.ok()) {
    KAWAT_CHECK(name->FolderIn(root).lexically_normal().parent_path().parent_path() == root,
                "a shard out of the folder");
  }
  if (const auto folder = BackupFolder(root, text); folder.ok()) {
    KAWAT_CHECK(folder->lexically_normal().parent_path() == root / "backups", "a backup out of the folder");
  }
  return 0;
}
