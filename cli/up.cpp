// kawat up: all services in one process, kept alive by a parent.
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/main.h"
#include "base/set_flag.h"
#include "base/shutdown.h"
#include "base/status.h"
#include "cli/command.h"
#include "cli/supervisor.h"
#include "cli/whole_config.h"
#include "runtime/reload.h"
#include "telemetry/addresses.h"
#include "telemetry/log.h"
#include "telemetry/metrics.h"

namespace kawat::cli {
namespace {

constexpr absl::Duration kStopPatience = absl::Seconds(10);

struct UpOptions {
  std::string config;
  std::string data;
  std::string kafka;
  std::vector<std::string> settings;
  bool any_port = false;
  bool child = false;
  int max_restarts = SupervisorOptions().max_restarts;
};

absl::StatusOr<WholeConfig> Configure(const UpOptions& options, const base::Toml& toml) {
  KAWAT_ASSIGN_OR_RETURN(WholeConfig config, ParseWholeConfig(toml));
  SetData(config, options.data.empty() ? config.data : options.data);
  if (!options.kafka.empty()) {
    config.bus.kafka = options.kafka;
  }
  config.bus.make_topics = true;
  if (options.any_port) {
    UseFreePorts(config);
  }
  return config;
}

// Runs services on threads; the first that fails stops all.
class Threads {
 public:
  explicit Threads(base::Shutdown& shutdown) : shutdown_(shutdown) {}
  ~Threads() { Join().IgnoreError(); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  void Start(std::function<absl::Status()> run) {
    threads_.emplace_back([this, run = std::move(run)] {
      const absl::Status status = run();
      absl::MutexLock lock(&mutex_);
      first_error_.Update(status);
      if (!status.ok()) {
        shutdown_.Request();
      }
    });
  }

  absl::Status Join() {
    for (std::thread& thread : threads_) {
      thread.join();
    }
    threads_.clear();
    absl::MutexLock lock(&mutex_);
    return first_error_;
  }

 private:
  base::Shutdown& shutdown_;
  std::vector<std::thread> threads_;
  absl::Mutex mutex_;
  absl::Status first_error_ ABSL_GUARDED_BY(mutex_);
};

// Starts fetch last: what it fetches has its readers by then, and a port in use is found before anything is asked for.
absl::Status RunServices(WholeConfig config, const base::Toml& toml, base::Shutdown& shutdown) {
  KAWAT_RETURN_IF_ERROR(base::MakeWritableFolder(config.data));
  base::Clock& clock = base::SystemClock();
  telemetry::Registry registry;
  KAWAT_ASSIGN_OR_RETURN(const auto bus, bus::Open(config.bus, config.data, clock, shutdown));
  KAWAT_RETURN_IF_ERROR(telemetry::Addresses(config.data).Clear());  // only now: another that runs here keeps its own
  KAWAT_ASSIGN_OR_RETURN(const auto store, store::Service::Create(config.store, *bus, clock, registry));
  config.portal.store = store->grpc_address();
  KAWAT_ASSIGN_OR_RETURN(const auto portal, portal::Service::Create(config.portal, clock, registry));
  KAWAT_ASSIGN_OR_RETURN(const auto dedupe, dedupe::Service::Create(config.dedupe, *bus, clock, registry));
  KAWAT_ASSIGN_OR_RETURN(const auto parse, parse::Service::Create(config.parse, *bus, clock, registry));
  KAWAT_ASSIGN_OR_RETURN(const auto fetch, fetch::Service::Create(config.fetch, *bus, clock, registry));
  const auto announce = [&](const base::Toml& next) -> absl::Status {
    KAWAT_ASSIGN_OR_RETURN(const fetch::Config changed, fetch::ParseConfig(next));
    return fetch->ReloadSources(changed, shutdown);
  };
  const auto check = [](const base::Toml& next) { return ParseWholeConfig(next).status(); };
  const runtime::Reload reload(toml, shutdown, check, {runtime::LogLevel(), {"sources", announce}});
  Threads threads(shutdown);
  threads.Start([&] { return store->Run(shutdown); });
  threads.Start([&] { return portal->Run(shutdown); });
  threads.Start([&] { return dedupe->Run(shutdown); });
  threads.Start([&] { return parse->Run(shutdown); });
  threads.Start([&] { return fetch->Run(shutdown); });
  return threads.Join();
}

absl::Status RunChild(const UpOptions& options) {
  KAWAT_ASSIGN_OR_RETURN(const base::Toml toml, base::Toml::Load(options.config, options.settings));
  KAWAT_ASSIGN_OR_RETURN(WholeConfig config, Configure(options, toml));
  static base::Shutdown shutdown;  // outlives the signal thread
  KAWAT_RETURN_IF_ERROR(telemetry::InitLog(config.log, "kawat"));
  base::KeepReloadSignal();
  base::RequestOnSignals(shutdown);
  base::RaiseFileLimit();
  base::EndIfStoppingHangs(shutdown, kStopPatience);
  const absl::Status status = RunServices(std::move(config), toml, shutdown);
  return absl::IsCancelled(status) && shutdown.requested() ? absl::OkStatus() : status;
}

int RunParent(const UpOptions& options) {
  SupervisorOptions supervisor{.arguments = {"up", "--child"}, .max_restarts = options.max_restarts};
  const auto pass = [&supervisor](const char* flag, const std::string& value) {
    if (!value.empty()) {
      supervisor.arguments.insert(supervisor.arguments.end(), {flag, value});
    }
  };
  pass("--config", options.config);
  pass("--data", options.data);
  pass("--kafka", options.kafka);
  for (const std::string& setting : options.settings) {
    pass("--set", setting);
  }
  if (options.any_port) {
    supervisor.arguments.emplace_back("--any-port");
  }
  return Supervise(supervisor);
}

}  // namespace

void AddUp(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<UpOptions>();
  CLI::App* command = app.add_subcommand("up", "Run the whole of kawat in one process");
  command->footer(
      "Examples:\n"
      "  kawat up --config kawat.toml --data data\n"
      "  kawat up --config kawat.toml --kafka 127.0.0.1:9092");
  command->add_option("--config", options->config, "TOML file; all settings have defaults");
  command->add_option("--data", options->data, "Folder for all state; default: the file's `data`, or \"data\"");
  command->add_option("--kafka", options->kafka,
                      "Brokers of a real Kafka, instead of the embedded log: HOST:PORT,HOST:PORT");
  base::AddSetFlag(*command, options->settings);
  command->add_flag("--any-port", options->any_port,
                    "Free ports instead of the defaults; they stand in addresses.json of the data folder");
  command
      ->add_option("--max-restarts", options->max_restarts,
                   "How often in a row a process that fails before it ran for a minute is started again; then kawat "
                   "ends with exit code 1. 0: without end")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_flag("--child", options->child)->group("");
  command->callback([options, &chosen] {
    if (options->child) {
      chosen.run = [options] { return RunChild(*options); };
    } else {
      chosen.run_with_exit_code = [options] { return RunParent(*options); };
    }
  });
}

}  // namespace kawat::cli
