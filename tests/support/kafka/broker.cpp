#include "tests/support/kafka/broker.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/check.h"
#include "base/files.h"
#include "base/status.h"
#include "tests/support/wait.h"

namespace kawat::support {
namespace {

constexpr absl::Duration kStartPatience = absl::Seconds(60);
constexpr absl::Duration kStopPatience = absl::Seconds(10);
constexpr std::string_view kClusterId = "a2F3YXQtdGVzdHMtMDAwMQ";  // 16 bytes, base64url, as StorageTool wants it

std::filesystem::path SourceFolder() {
  const char* folder = std::getenv("KAWAT_SOURCE_DIR");  // NOLINT(concurrency-mt-unsafe): nothing sets it
  return folder != nullptr ? folder : ".";
}

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

constexpr int kPorts = 3;

// Ports that were free a moment ago, taken together so that they differ.
std::array<std::uint16_t, kPorts> FreePorts() {
  std::array<std::uint16_t, kPorts> ports{};
  int sockets[kPorts];
  for (int i = 0; i < kPorts; ++i) {
    sockets[i] = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = Loopback(0);
    socklen_t size = sizeof(address);
    KAWAT_CHECK(::bind(sockets[i], reinterpret_cast<sockaddr*>(&address), size) == 0, "no free port");
    KAWAT_CHECK(::getsockname(sockets[i], reinterpret_cast<sockaddr*>(&address), &size) == 0, "no port");
    ports[i] = ntohs(address.sin_port);
  }
  for (const int socket : sockets) {
    ::close(socket);
  }
  return ports;
}

// Whether somebody accepts connections there.
bool Accepts(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(port);
  const bool accepts = ::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  ::close(socket);
  return accepts;
}

// Whether the broker answers an ApiVersions request (version 0): it accepts connections before it handles requests.
bool Answers(std::uint16_t port) {
  constexpr std::string_view kRequest("\0\0\0\x0a\0\x12\0\0\0\0\0\x01\0\0", 14);
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{.tv_sec = 1, .tv_usec = 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  sockaddr_in address = Loopback(port);
  char answer[8];
  const bool answers = ::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 &&
                       ::send(socket, kRequest.data(), kRequest.size(), MSG_NOSIGNAL) == ssize_t{kRequest.size()} &&
                       ::recv(socket, answer, sizeof(answer), MSG_WAITALL) == ssize_t{sizeof(answer)};
  ::close(socket);
  return answers;
}

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaBroker>> KafkaBroker::Start(const BrokerExtras& extras) {
  const std::filesystem::path jars = std::filesystem::absolute(SourceFolder() / "build/deps/kafka");
  if (!std::filesystem::exists(jars / "kafka_2.13-4.2.0.jar")) {
    return absl::NotFoundError(absl::StrCat("no Kafka in ", jars.string(), "; tools/setup gets it"));
  }
  const auto [port, controller_port, second_port] = FreePorts();
  std::unique_ptr<KafkaBroker> broker(new KafkaBroker(jars.string(), port, second_port, extras.answers_in_plaintext));
  KAWAT_ASSIGN_OR_RETURN(const std::string settings,
                         base::ReadFile(SourceFolder() / "tests/support/kafka/server.properties", 1 << 20));
  KAWAT_RETURN_IF_ERROR(
      base::WriteFileAtomically(broker->folder_.path() / "server.properties",
                                absl::StrReplaceAll(absl::StrCat(settings, "\n", extras.settings),
                                                    {{"@PORT@", absl::StrCat(port)},
                                                     {"@PORT2@", absl::StrCat(second_port)},
                                                     {"@CONTROLLER_PORT@", absl::StrCat(controller_port)},
                                                     {"@FOLDER@", broker->folder_.path().string()}})));
  KAWAT_RETURN_IF_ERROR(broker->Format(extras.format_arguments));
  KAWAT_RETURN_IF_ERROR(broker->Restart());
  return broker;
}

KafkaBroker::KafkaBroker(std::string jars, std::uint16_t port, std::uint16_t second_port, bool answers_in_plaintext)
    : jars_(std::move(jars)),
      port_(port),
      address_(absl::StrCat("127.0.0.1:", port)),
      second_address_(absl::StrCat("127.0.0.1:", second_port)),
      answers_in_plaintext_(answers_in_plaintext) {}

KafkaBroker::~KafkaBroker() { Kill(); }

absl::Status KafkaBroker::Format(const std::vector<std::string>& arguments) {
  std::vector<std::string> all = {"format", "--cluster-id", std::string(kClusterId), "--config", "server.properties"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const pid_t pid = Spawn("kafka.tools.StorageTool", all);
  int status = 0;
  ::waitpid(pid, &status, 0);
  return status == 0 ? absl::OkStatus() : absl::InternalError(absl::StrCat("StorageTool failed: ", LogEnd()));
}

pid_t KafkaBroker::Spawn(const std::string& main_class, const std::vector<std::string>& arguments) const {
  std::vector<std::string> words = {
      "java",
      "-Xms64m",
      "-Xmx384m",
      "-XX:+UseSerialGC",
      "-XX:-UsePerfData",
      absl::StrCat("-Dlog4j2.configurationFile=", std::filesystem::absolute(SourceFolder()).string(),
                   "/tests/support/kafka/log4j2.properties"),
      "-cp",
      jars_ + "/*",
      main_class};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  const std::string folder = folder_.path().string();
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  KAWAT_CHECK(pid >= 0, "fork failed");
  if (pid == 0) {  // only async-signal-safe calls from here on
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int log =
        ::chdir(folder.c_str()) == 0 ? ::open("broker.log", O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0644) : -1;
    if (log < 0 || ::getppid() != parent) {
      ::_exit(127);
    }
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    sigset_t none;
    ::sigemptyset(&none);
    ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
    ::execvp("java", argv.data());
    ::_exit(127);
  }
  return pid;
}

bool KafkaBroker::IsUp() const { return answers_in_plaintext_ ? Answers(port_) : Accepts(port_); }

absl::Status KafkaBroker::Restart() {
  Stop();
  pid_ = Spawn("kafka.Kafka", {"server.properties"});
  WaitUntil([this] { return IsUp() || HasEnded(); }, kStartPatience);
  if (HasEnded() || !IsUp()) {
    Kill();
    return absl::InternalError(absl::StrCat("the broker did not come up: ", LogEnd()));
  }
  return absl::OkStatus();
}

void KafkaBroker::Stop() { End(SIGTERM); }
void KafkaBroker::Kill() { End(SIGKILL); }

bool KafkaBroker::HasEnded() {
  if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) {
    pid_ = -1;
  }
  return pid_ < 0;
}

void KafkaBroker::End(int signal) {
  if (HasEnded()) {
    return;
  }
  ::kill(pid_, signal);
  if (!WaitUntil([this] { return HasEnded(); }, kStopPatience)) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
}

std::string KafkaBroker::LogEnd() const {
  const absl::StatusOr<std::string> log = base::ReadFile(folder_.path() / "broker.log", 64 << 20);
  return !log.ok() ? "no log" : log->substr(log->size() - std::min<std::size_t>(log->size(), 2000));
}

absl::StatusOr<std::string> SharedKafka() {
  const char* given = std::getenv("KAWAT_TEST_KAFKA");  // NOLINT(concurrency-mt-unsafe): nothing sets it
  if (given != nullptr && *given != '\0') {
    return std::string(given);
  }
  static const absl::StatusOr<std::unique_ptr<KafkaBroker>> broker = KafkaBroker::Start();
  KAWAT_RETURN_IF_ERROR(broker.status());
  return (*broker)->address();
}

std::string UniqueName(std::string_view prefix) {
  static std::atomic<int> count = 0;
  return absl::StrCat(std::string(prefix), "-", absl::ToUnixMillis(absl::Now()), "-", ::getpid(), "-",
                      count.fetch_add(1));
}

}  // namespace kawat::support
