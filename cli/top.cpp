// kawat top: throughput, lag and health of a running kawat, from its services' /metrics.
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <future>
#include <iostream>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/shutdown.h"
#include "base/status.h"
#include "cli/command.h"
#include "cli/flags.h"
#include "cli/top_metrics.h"
#include "cli/top_render.h"
#include "cli/top_view.h"
#include "cli/whole_config.h"
#include "telemetry/addresses.h"
#include "web/address.h"
#include "web/http_get.h"

namespace kawat::cli {
namespace {

constexpr std::size_t kMostAddresses = 256;
constexpr absl::Duration kPatience = absl::Seconds(2);  // for one service
constexpr absl::Duration kResize = absl::Milliseconds(200);

struct TopOptions {
  std::string config;
  std::string data;
  std::vector<std::string> addresses;
  double interval = 2;
  bool once = false;
  bool json = false;
};

std::vector<std::string> AddressesOf(const WholeConfig& config) {
  return {config.fetch.metrics, config.parse.metrics, config.dedupe.metrics, config.store.metrics,
          config.portal.listen};
}

// Those that were named; else those in use in the data folder; else the configuration's.
absl::StatusOr<std::vector<std::string>> FindAddresses(const TopOptions& options) {
  if (!options.addresses.empty()) {
    return options.addresses;
  }
  WholeConfig config;
  if (!options.config.empty()) {
    KAWAT_ASSIGN_OR_RETURN(const base::Toml toml, base::Toml::ParseFile(options.config));
    KAWAT_ASSIGN_OR_RETURN(config, ParseWholeConfig(toml));
  }
  const auto book = telemetry::ReadAddresses(options.data.empty() ? config.data : options.data);
  if (absl::IsNotFound(book.status()) && options.data.empty()) {
    return AddressesOf(config);
  }
  KAWAT_RETURN_IF_ERROR(book.status());
  std::vector<std::string> found;
  for (const auto& [service, kinds] : *book) {
    for (const char* kind : {"metrics", "http"}) {
      if (const auto address = kinds.find(kind); address != kinds.end()) {
        found.push_back(address->second);
      }
    }
  }
  return found;
}

struct Answer {
  absl::Time when;
  absl::StatusOr<std::vector<Sample>> samples;
};

Answer Ask(const std::string& address) {
  const auto ask = [&]() -> absl::StatusOr<std::vector<Sample>> {
    KAWAT_ASSIGN_OR_RETURN(const web::HttpAnswer answer, web::HttpGet(address, address, "/metrics", {}, kPatience));
    if (answer.status != 200) {
      return absl::UnavailableError(absl::StrCat(address, ": answers ", answer.status));
    }
    return ParseMetrics(answer.body);
  };
  absl::StatusOr<std::vector<Sample>> samples = ask();
  return {.when = absl::Now(), .samples = std::move(samples)};
}

// All processes behind `named`: a name may stand for the pods of a service, which come and go.
std::vector<std::string> ResolveEach(const std::vector<std::string>& named) {
  std::vector<std::string> all;
  all.reserve(named.size());
  for (const std::string& address : named) {
    const auto found = web::ResolveAll(address);
    if (found.ok()) {
      all.insert(all.end(), found->begin(), found->end());
    } else {
      all.push_back(address);  // asking it says what is wrong with it
    }
  }
  all.resize(std::min(all.size(), kMostAddresses));
  return all;
}

Look LookAt(const std::vector<std::string>& named) {
  const std::vector<std::string> addresses = ResolveEach(named);
  std::vector<std::future<Answer>> answers;
  for (const std::string& address : addresses) {
    answers.push_back(std::async(std::launch::async, Ask, address));
  }
  Look look;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    Answer answer = answers[i].get();
    if (answer.samples.ok()) {
      Add(look, addresses[i], answer.when, *std::move(answer.samples));
    } else {
      look.silent.emplace_back(addresses[i], std::string(answer.samples.status().message()));
    }
  }
  return look;
}

// Owns the screen while it lives: the other one, without a cursor.
class Screen {
 public:
  Screen() { std::cout << "\x1b[?1049h\x1b[?25l"; }
  ~Screen() { std::cout << "\x1b[?25h\x1b[?1049l" << std::flush; }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  // Shows `text` until `until`, anew when the window changes. True: asked to stop.
  bool Show(const std::string& text, absl::Time until, const base::Shutdown& shutdown) {
    for (winsize shown{}; absl::Now() < until;) {
      winsize size{};
      ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
      if (size.ws_row != shown.ws_row || size.ws_col != shown.ws_col || shown.ws_row == 0) {
        shown = size;
        shown.ws_row = std::max<unsigned short>(shown.ws_row, 1);
        std::cout << "\x1b[2J\x1b[H" << Clip(text, shown.ws_row, std::max<std::size_t>(shown.ws_col, 20)) << std::flush;
      }
      if (shutdown.WaitFor(std::min(kResize, std::max(until - absl::Now(), absl::ZeroDuration())))) {
        return true;
      }
    }
    return shutdown.requested();
  }
};

absl::Status Watch(const TopOptions& options, const std::vector<std::string>& addresses, base::Shutdown& shutdown) {
  const absl::Duration interval = absl::Seconds(options.interval);
  std::unique_ptr<Screen> screen;
  if (!options.once && !options.json && ::isatty(STDOUT_FILENO) == 1) {
    screen = std::make_unique<Screen>();
    screen->Show("kawat top: the first rates come after one interval\n", absl::Now(), shutdown);
  }
  Look before = LookAt(addresses);
  if (shutdown.WaitFor(interval)) {
    return absl::OkStatus();
  }
  while (true) {
    Look after = LookAt(addresses);
    if (after.processes.empty() && options.once) {
      return absl::UnavailableError(absl::StrCat("no service answers: ", after.silent.front().second,
                                                 "; start one with `kawat up`, or name one with --metrics"));
    }
    const View view = Compare(before, after);
    before = std::move(after);
    const std::string text = options.json ? absl::StrCat(RenderJson(view), "\n") : RenderText(view);
    if (screen != nullptr) {
      if (screen->Show(text, absl::Now() + interval, shutdown)) {
        return absl::OkStatus();
      }
      continue;
    }
    std::cout << text << std::flush;
    if (options.once || !std::cout || shutdown.WaitFor(interval)) {
      return absl::OkStatus();
    }
    std::cout << (options.json ? "" : "\n");
  }
}

absl::Status RunTop(const TopOptions& options) {
  static base::Shutdown shutdown;  // outlives the signal thread
  base::RequestOnSignals(shutdown);
  KAWAT_ASSIGN_OR_RETURN(const std::vector<std::string> addresses, FindAddresses(options));
  if (addresses.empty() || addresses.size() > kMostAddresses) {
    return absl::InvalidArgumentError(
        absl::StrCat("there are ", addresses.size(), " addresses; want 1 to ", kMostAddresses));
  }
  return Watch(options, addresses, shutdown);
}

}  // namespace

void AddTop(CLI::App& app, Chosen& chosen) {
  CLI::App* top = app.add_subcommand("top", "Throughput, lag and health of a running kawat");
  top->footer(
      "Examples:\n"
      "  kawat top --data data\n"
      "  kawat top --once --json --config kawat.toml | jq '.topics[].readers'\n"
      "  kawat top --metrics 10.0.0.5:9470 --metrics 10.0.0.6:9471\n"
      "\n"
      "in: written into a topic; out: read from it; seconds: how long the oldest unread record has waited.");
  auto options = std::make_shared<TopOptions>();
  top->add_option("--config", options->config, "TOML file whose addresses and data folder are used")
      ->envname("KAWAT_CONFIG");
  top->add_option("--data", options->data, "Data folder whose addresses.json is used");
  top->add_option("--metrics", options->addresses,
                  "Address of a service's /metrics, HOST:PORT; a name may stand for several pods; may be repeated");
  top->add_option("--interval", options->interval, "Seconds between two looks")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  top->add_flag("--once", options->once, "One view, over one interval, then end");
  AddJsonFlag(*top, options->json);
  top->callback([options, &chosen] { chosen.run = [options] { return RunTop(*options); }; });
}

}  // namespace kawat::cli
