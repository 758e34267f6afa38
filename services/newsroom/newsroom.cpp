#include "services/newsroom/newsroom.h"

#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/files.h"
#include "base/status.h"
#include "services/newsroom/pages.h"
#include "services/newsroom/plan.h"
#include "web/address.h"

namespace kawat::newsroom {
namespace {

constexpr int kMaxArticles = 1'000'000;
constexpr std::string_view kAnyAddress4 = "0.0.0.0:";
constexpr std::string_view kAnyAddress6 = "[::]:";

absl::Status CheckOptions(const Options& options) {
  if (options.articles < 0 || options.articles > kMaxArticles) {
    return absl::InvalidArgumentError(absl::StrCat("--articles must be from 0 to ", kMaxArticles));
  }
  if (options.rate_per_second < 0) {
    return absl::InvalidArgumentError("--rate must not be negative");
  }
  if (options.delay < absl::ZeroDuration()) {
    return absl::InvalidArgumentError("--delay must not be negative");
  }
  if (!options.advertise.empty()) {
    const auto address = web::ParseAddress(options.advertise);
    if (!address.ok() || address->second == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("--advertise must be IP:PORT, such as 10.0.0.7:8900, not \"", options.advertise, "\""));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<World> WorldOf(const Options& options, absl::Time start) {
  if (!options.pages.empty()) {
    return LoadPages(options.pages);
  }
  return MakeWorld(
      {.seed = options.seed, .articles = options.articles, .rate_per_second = options.rate_per_second, .start = start});
}

// Where a crawler on this machine finds it: not at "all addresses".
std::string Reachable(const std::string& address) {
  for (const std::string_view any : {kAnyAddress4, kAnyAddress6}) {
    if (address.starts_with(any)) {
      return absl::StrCat("127.0.0.1:", address.substr(any.size()));
    }
  }
  return address;
}

// What /config answers: it names the server's own address, so the server runs before it is known.
struct ConfigText {
  absl::Mutex mutex;
  std::string text ABSL_GUARDED_BY(mutex);
};

web::Response Answer(std::string_view content_type, std::string body) {
  web::Response response;
  response.content_type = content_type;
  response.body = std::move(body);
  return response;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Newsroom>> Newsroom::Start(const Options& options) {
  KAWAT_RETURN_IF_ERROR(CheckOptions(options));
  base::Clock& clock = options.clock == nullptr ? base::SystemClock() : *options.clock;
  const absl::Time start = FloorToSecond(clock.Now());
  KAWAT_ASSIGN_OR_RETURN(World world, WorldOf(options, start));
  const World names = {.outlets = world.outlets, .other_hosts = world.other_hosts};
  auto site = std::make_unique<Site>(
      std::move(world),
      SiteOptions{
          .start = start, .delay = options.delay, .seed = options.seed, .revision_after = options.revision_after},
      clock);
  web::ServerOptions server_options;
  server_options.address = options.listen;
  auto config = std::make_shared<ConfigText>();
  KAWAT_ASSIGN_OR_RETURN(std::unique_ptr<web::Server> server,
                         web::Server::Start(server_options, [raw = site.get(), config](const web::Request& request) {
                           if (request.path == "/truth") {
                             return Answer("application/json", raw->TruthJson());
                           }
                           if (request.path == "/config") {
                             const absl::MutexLock lock(&config->mutex);
                             return Answer("application/toml", config->text);
                           }
                           return raw->Answer(request);
                         }));
  std::string text =
      WriteConfig(names, options.delay, options.advertise.empty() ? Reachable(server->address()) : options.advertise);
  {
    const absl::MutexLock lock(&config->mutex);
    config->text = text;
  }
  if (!options.write_config.empty()) {
    KAWAT_RETURN_IF_ERROR(base::Annotate(base::WriteFileAtomically(options.write_config, text), "--write-config"));
  }
  return std::unique_ptr<Newsroom>(new Newsroom(std::move(site), std::move(server), std::move(text)));
}

}  // namespace kawat::newsroom
