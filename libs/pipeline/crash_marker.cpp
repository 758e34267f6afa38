#include "pipeline/crash_marker.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/files.h"
#include "pipeline/dead_letter.h"

namespace kawat::pipeline {
namespace {

constexpr std::size_t kSlotBytes = 160;  // fixed, so that a slot is one write in place

}  // namespace

CrashMarker::~CrashMarker() {
  if (fd_ >= 0) {
    ::close(fd_);
  }
}

absl::Status CrashMarker::Open(const std::string& path, int slots) {
  if (path.empty()) {
    return absl::OkStatus();
  }
  const absl::MutexLock lock(&mutex_);
  if (const absl::StatusOr<std::string> left = base::ReadFile(path, 1 << 20); left.ok()) {
    for (const std::string& line : std::vector<std::string>(absl::StrSplit(*left, '\n'))) {
      const std::vector<std::string> parts =
          absl::StrSplit(line, ' ', absl::SkipEmpty());  // "2 batch kawat.pages/0/17"
      int crashes = 0;
      if (parts.size() == 3 && absl::SimpleAtoi(parts[0], &crashes)) {
        Suspect& suspect = suspects_[parts[2]];  // in two lines if it crashed again
        suspect.crashes = std::max(suspect.crashes, crashes);
        suspect.alone = suspect.alone || parts[1] == "alone";
      }
    }
  }
  fd_ = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
  if (fd_ < 0 || ::ftruncate(fd_, 0) != 0) {
    if (errno == ENOSPC || errno == EDQUOT) {
      return absl::ResourceExhaustedError(absl::StrCat("cannot write ", path, ": its disk is full; free some space"));
    }
    return absl::FailedPreconditionError(
        absl::StrCat("cannot write ", path, "; make its folder one this user may write into"));
  }
  for (int slot = 0; slot < slots; ++slot) {
    Write(slot, "");
  }
  for (auto& [key, suspect] : suspects_) {  // kept until they are settled: this process may end before it meets them
    suspect.slot = slots++;
    Write(suspect.slot, absl::StrCat(suspect.crashes, suspect.alone ? " alone " : " batch ", key));
  }
  return absl::OkStatus();
}

const CrashMarker::Suspect* CrashMarker::Find(const bus::Record& record) const {
  if (suspects_.empty()) {
    return nullptr;
  }
  const auto found = suspects_.find(DeadLetterKey(record));
  return found == suspects_.end() ? nullptr : &found->second;
}

bool CrashMarker::MustRunAlone(const bus::Record& record) const {
  const absl::MutexLock lock(&mutex_);
  const Suspect* suspect = Find(record);
  return suspect != nullptr && suspect->crashes >= kCrashes;
}

bool CrashMarker::IsGivenUp(const bus::Record& record) const {
  const absl::MutexLock lock(&mutex_);
  const Suspect* suspect = Find(record);
  return suspect != nullptr && suspect->alone;
}

void CrashMarker::Begin(int slot, const bus::Record& record) {
  if (fd_ < 0 || record.partition < 0) {
    return;
  }
  int crashes = 0;
  {
    const absl::MutexLock lock(&mutex_);
    if (const Suspect* suspect = Find(record); suspect != nullptr) {
      crashes = suspect->crashes;
    }
  }
  Write(slot, absl::StrCat(crashes + 1, crashes >= kCrashes ? " alone " : " batch ", DeadLetterKey(record)));
}

void CrashMarker::End(int slot) {
  if (fd_ >= 0) {
    Write(slot, "");
  }
}

void CrashMarker::Forget(const bus::Record& record) {
  const absl::MutexLock lock(&mutex_);
  if (suspects_.empty()) {
    return;
  }
  if (const auto found = suspects_.find(DeadLetterKey(record)); found != suspects_.end()) {
    Write(found->second.slot, "");
    suspects_.erase(found);
  }
}

void CrashMarker::Write(int slot, std::string_view text) const {
  std::string line(text.substr(0, kSlotBytes - 1));
  line.resize(kSlotBytes - 1, ' ');
  line.push_back('\n');
  // A marker that cannot be written (a full disk) costs only the finding of a crashing record.
  [[maybe_unused]] const ssize_t written =
      ::pwrite(fd_, line.data(), line.size(), static_cast<off_t>(slot) * static_cast<off_t>(kSlotBytes));
}

}  // namespace kawat::pipeline
