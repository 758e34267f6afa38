#include "services/newsroom/command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "base/main.h"
#include "base/shutdown.h"

namespace kawat::newsroom {
namespace {

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "kawat: %s\n", std::string(status.message()).c_str());
  return base::ExitCodeOf(status);
}

}  // namespace

void AddServeFlags(CLI::App& app, Options& options) {
  app.add_option("--seed", options.seed, "The same seed gives the same web")->capture_default_str();
  app.add_option("--articles", options.articles, "How many articles in all")->capture_default_str();
  app.add_option("--rate", options.rate_per_second, "Articles published a second; without it all at once");
  app.add_option_function<std::int64_t>(
         "--delay", [&options](const std::int64_t& ms) { options.delay = absl::Milliseconds(ms); },
         "Milliseconds between requests to a host: written to the configuration, and judged (default 50)")
      ->check(CLI::NonNegativeNumber);
  app.add_option_function<std::int64_t>(
         "--revision-after",
         [&options](const std::int64_t& seconds) { options.revision_after = absl::Seconds(seconds); },
         "Seconds from an answer to the article's next revision; a crawler that may lose an answer must be back before "
         "(default 4)")
      ->check(CLI::PositiveNumber);
  app.add_option("--listen", options.listen, "Address; port 0 takes a free one")->capture_default_str();
  app.add_option("--advertise", options.advertise,
                 "IP:PORT at which crawlers find it, for the configuration; default: where it listens");
  app.add_option("--write-config", options.write_config,
                 "File for `kawat up --config`; put in place once the newsroom listens");
  app.add_option("--pages", options.pages, "Folder of real pages (gold.jsonl and pages/), served instead")
      ->check(CLI::ExistingDirectory);
}

CLI::App* AddCheck(CLI::App& app, CheckFlags& flags) {
  CLI::App* check =
      app.add_subcommand("check", "Compare what a crawl of it has stored with the truth; exit 1 on any difference");
  check->add_option("--newsroom", flags.options.newsroom, "Its address")->capture_default_str();
  check->add_option("--store", flags.options.store, "gRPC address of store")->capture_default_str();
  check->add_option("--fetch", flags.options.fetch, "gRPC address of fetch")->capture_default_str();
  check->add_flag("--json", flags.json, "One JSON object, with all findings");
  return check;
}

int Serve(const Options& options) {
  static base::Shutdown shutdown;  // outlives the signal thread
  base::RequestOnSignals(shutdown);
  const auto newsroom = Newsroom::Start(options);
  if (!newsroom.ok()) {
    return Fail(newsroom.status());
  }
  std::printf("newsroom listens on http://%s; its truth: http://%s/truth\n", (*newsroom)->address().c_str(),
              (*newsroom)->address().c_str());
  if (!options.write_config.empty()) {
    std::printf("crawl it with: kawat up --config %s\n", options.write_config.c_str());
  }
  std::fflush(stdout);
  shutdown.Wait();
  return base::kExitOk;
}

int RunCheck(const CheckFlags& flags) {
  const auto report = Check(flags.options);
  if (!report.ok()) {
    Fail(report.status());
    return base::kExitFailed;
  }
  const std::string text = flags.json ? ToJson(*report) + "\n" : ToTable(*report);
  std::fputs(text.c_str(), stdout);
  return report->ok() ? base::kExitOk : base::kExitFailed;
}

}  // namespace kawat::newsroom
