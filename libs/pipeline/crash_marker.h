// Finds the record that crashes its stage (principle 5). A small file says, for each thread, which record is being
// applied; after a crash the next process reads it. A record that was being applied in kCrashes crashes is applied
// alone, and if it crashes then too, it is given up. Crashes elsewhere in between change nothing: a record is a suspect
// until it is committed. The file is not synced: it need survive the process only, not the machine.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "bus/record.h"

namespace kawat::pipeline {

// Threads: Open once; then any, each with a slot of its own.
class CrashMarker {
 public:
  static constexpr int kCrashes = 3;

  CrashMarker() = default;
  ~CrashMarker();
  CrashMarker(const CrashMarker&) = delete;
  CrashMarker& operator=(const CrashMarker&) = delete;

  // Reads what an earlier process left, and takes the file over. An empty path: no marker, all calls do nothing.
  absl::Status Open(const std::string& path, int slots);

  // It crashed kCrashes times: apply it with no other record in the batch.
  bool MustRunAlone(const bus::Record& record) const;
  // It crashed alone too: do not apply it.
  bool IsGivenUp(const bus::Record& record) const;

  void Begin(int slot, const bus::Record& record);  // before Apply; does nothing for local events
  void End(int slot);                               // after it
  void Forget(const bus::Record& record);           // it was committed, one way or another

 private:
  struct Suspect {
    int crashes = 0;
    bool alone = false;
    int slot = 0;  // the line that keeps it, after those of the threads
  };
  const Suspect* Find(const bus::Record& record) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Write(int slot, std::string_view text) const;

  int fd_ = -1;
  mutable absl::Mutex mutex_;
  std::map<std::string, Suspect> suspects_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace kawat::pipeline
