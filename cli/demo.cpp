// kawat demo: a newsroom and a kawat that crawls it.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/check.h"
#include "base/main.h"
#include "base/shutdown.h"
#include "base/status.h"
#include "cli/child.h"
#include "cli/client.h"
#include "cli/command.h"
#include "kawat/v1/store_service.grpc.pb.h"
#include "telemetry/addresses.h"

namespace kawat::cli {
namespace {

struct DemoOptions {
  std::uint64_t seed = 1;
  int articles = 300;
  double rate_per_second = 5;
  bool any_port = false;
  int exit_after = 0;  // articles; 0: until Ctrl-C
};

// A child of this program, ended with this object.
class Child {
 public:
  explicit Child(const std::vector<std::string>& arguments) : pid_(StartChild(arguments)) {
    KAWAT_CHECK(pid_ > 0, "cannot start a child");
  }
  ~Child() {
    if (running()) {
      ::kill(pid_, SIGTERM);
      ::waitpid(pid_, nullptr, 0);
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  bool running() {
    if (!ended_ && ::waitpid(pid_, nullptr, WNOHANG) == pid_) {
      ended_ = true;
    }
    return !ended_;
  }

 private:
  const pid_t pid_;
  bool ended_ = false;
};

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "kawat-demo-XXXXXX").string();
    KAWAT_CHECK(::mkdtemp(name.data()) != nullptr, "no temporary folder");
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

absl::Status WaitFor(const std::function<bool()>& condition, Child& child, base::Shutdown& shutdown,
                     std::string_view what) {
  for (const absl::Time deadline = absl::Now() + absl::Seconds(60); !condition();) {
    if (!child.running()) {
      return absl::UnavailableError(absl::StrCat(std::string(what), " ended; its last lines are above"));
    }
    if (shutdown.WaitFor(absl::Milliseconds(100))) {
      return absl::CancelledError("stopped");
    }
    if (absl::Now() > deadline) {
      return absl::DeadlineExceededError(absl::StrCat("waited 60 s for ", std::string(what)));
    }
  }
  return absl::OkStatus();
}

void PrintCounts(const v1::GetStatsResponse& stats, bool terminal) {
  std::printf("%s%lld articles, %lld revisions, %lld clusters, %lld sources%s", terminal ? "\r" : "",
              static_cast<long long>(stats.articles()), static_cast<long long>(stats.revisions()),
              static_cast<long long>(stats.clusters()), static_cast<long long>(stats.sources()),
              terminal ? "   " : "\n");
  std::fflush(stdout);
}

absl::Status WatchCounts(const DemoOptions& options, const std::string& store, Child& up, base::Shutdown& shutdown) {
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  long long shown = -1;
  while (!shutdown.WaitFor(absl::Seconds(1))) {
    if (!up.running()) {
      return absl::UnavailableError("kawat up ended; its last lines are above");
    }
    v1::GetStatsResponse stats;
    if (!Call({"store", store}, &v1::StoreService::Stub::GetStats, v1::GetStatsRequest(), stats).ok()) {
      continue;
    }
    if (terminal || stats.articles() != shown) {
      PrintCounts(stats, terminal);
      shown = stats.articles();
    }
    if (options.exit_after > 0 && stats.articles() >= options.exit_after) {
      return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

// As a shell finds it from here.
std::string OwnProgram() {
  std::error_code error;
  const std::filesystem::path path = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "kawat" : std::filesystem::proximate(path, error).string();
}

absl::Status Demo(const DemoOptions& options) {
  LetChildrenDieWithMe();
  static base::Shutdown shutdown;  // outlives the signal thread
  base::RequestOnSignals(shutdown);
  const TemporaryFolder folder;
  const std::filesystem::path config = folder.path() / "newsroom.toml";
  const std::filesystem::path data = folder.path() / "data";
  std::printf("starting a newsroom: %d articles of 20 outlets in three languages, %g a second\n", options.articles,
              options.rate_per_second);
  std::fflush(stdout);
  Child newsroom({"newsroom", "--seed", absl::StrCat(options.seed), "--articles", absl::StrCat(options.articles),
                  "--rate", absl::StrCat(options.rate_per_second), "--listen", "127.0.0.1:0", "--write-config",
                  config.string()});
  KAWAT_RETURN_IF_ERROR(WaitFor([&] { return std::filesystem::exists(config); }, newsroom, shutdown, "the newsroom"));
  std::vector<std::string> arguments{"up", "--config", config.string(), "--data", data.string()};
  if (options.any_port) {
    arguments.emplace_back("--any-port");
  }
  Child up(arguments);
  telemetry::AddressBook book;
  const auto listening = [&] {
    absl::StatusOr<telemetry::AddressBook> read = telemetry::ReadAddresses(data);
    book = read.ok() ? *read : telemetry::AddressBook();
    return book.contains("portal") && book.contains("store") && book.contains("fetch");
  };
  KAWAT_RETURN_IF_ERROR(WaitFor(listening, up, shutdown, "kawat up"));
  std::printf("\n  Portal   http://%s/\n  Search   %s search --store %s '\"...\"'\n  Stop     Ctrl-C\n\n",
              book["portal"]["http"].c_str(), OwnProgram().c_str(), book["store"]["grpc"].c_str());
  std::fflush(stdout);
  return WatchCounts(options, book["store"]["grpc"], up, shutdown);
}

}  // namespace

void AddDemo(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<DemoOptions>();
  CLI::App* command =
      app.add_subcommand("demo", "A synthetic news web, crawled and searchable; nothing leaves this machine");
  command->footer("Examples:\n  kawat demo\n  kawat demo --articles 1000 --rate 50 --any-port");
  command->add_option("--seed", options->seed, "Of the newsroom")->capture_default_str();
  command->add_option("--articles", options->articles, "The newsroom publishes")
      ->capture_default_str()
      ->check(CLI::Range(1, 100'000));
  command->add_option("--rate", options->rate_per_second, "Articles a second")->capture_default_str();
  command->add_flag("--any-port", options->any_port, "Free ports instead of 7700 to 7703 and 8080");
  command
      ->add_option("--exit-after", options->exit_after,
                   "End once the store holds so many articles; 0: run until Ctrl-C")
      ->capture_default_str();
  command->callback([options, &chosen] { chosen.run = [options] { return Demo(*options); }; });
}

}  // namespace kawat::cli
