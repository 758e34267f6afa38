// A real Kafka broker for tests: one KRaft node on free ports of loopback, its log in a temporary folder.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tests/support/temp_folder.h"

namespace kawat::support {

// What a broker has beside tests/support/kafka/server.properties.
struct BrokerExtras {
  std::string
      settings;  // lines that are put after the file's, and win; with its @NAMES@, and @PORT2@: another free one
  std::vector<std::string> format_arguments;  // of StorageTool
  bool answers_in_plaintext = true;           // at @PORT@; else it is only waited for until it accepts connections
};

// Threads: one. The broker dies with the thread that started it (PR_SET_PDEATHSIG), so start it on the main thread.
class KafkaBroker {
 public:
  // Formats a log, starts the broker and waits until it answers (about 5 s).
  // NotFound: no broker in build/deps/kafka (tools/setup gets it). Otherwise the error holds the end of the broker's
  // log.
  static absl::StatusOr<std::unique_ptr<KafkaBroker>> Start(const BrokerExtras& extras = {});

  ~KafkaBroker();  // kills it
  KafkaBroker(const KafkaBroker&) = delete;
  KafkaBroker& operator=(const KafkaBroker&) = delete;

  // "127.0.0.1:PORT"; the same after Stop and Restart.
  const std::string& address() const { return address_; }
  const std::string& second_address() const { return second_address_; }  // @PORT2@'s

  void Stop();             // in order, as by an operator; returns when the process has ended
  void Kill();             // SIGKILL
  absl::Status Restart();  // starts it on the same log and ports; waits until it answers

 private:
  KafkaBroker(std::string jars, std::uint16_t port, std::uint16_t second_port, bool answers_in_plaintext);
  absl::Status Format(const std::vector<std::string>& arguments);
  pid_t Spawn(const std::string& main_class, const std::vector<std::string>& arguments) const;
  bool IsUp() const;
  bool HasEnded();
  void End(int signal);
  std::string LogEnd() const;

  TempFolder folder_;
  std::string jars_;
  std::uint16_t port_;
  std::string address_;
  std::string second_address_;
  bool answers_in_plaintext_;
  pid_t pid_ = -1;
};

// The broker that test programs share: the one at $KAWAT_TEST_KAFKA (host:port), else one that is started at the first
// call and ends with the process. Tests use topic and group names of their own (UniqueName).
absl::StatusOr<std::string> SharedKafka();

// `prefix`, made unique among tests, runs and processes.
std::string UniqueName(std::string_view prefix);

}  // namespace kawat::support
