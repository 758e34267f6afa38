// What operators ask of fetch, on a log and a store in memory.
#include "services/fetch/admin.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/support/forwarding_bus.h"
#include "tests/support/wait.h"
#include "tests/unit/services/fetch/world.h"

namespace kawat::fetch {
namespace {

std::unique_ptr<Admin> NewAdmin(World& world, bus::Bus& bus) {
  auto admin = Admin::Create({{.partition = 0, .store = &world.store}}, 1, {}, bus, world.clock);
  KAWAT_CHECK(admin.ok(), "admin");
  return *std::move(admin);
}
std::unique_ptr<Admin> NewAdmin(World& world) { return NewAdmin(world, world.bus); }

void Store(World& world, const article::Source& source) {
  std::unique_ptr<state::Txn> txn = world.store.Begin();
  txn->Put(absl::StrCat("s/", source.id), article::Encode(source));
  ASSERT_OK(world.store.Commit(std::move(txn)));
}

// A bus whose first flushes find the broker silent.
class SilentBus final : public support::ForwardingBus {
 public:
  using OnFlush = std::function<bool()>;  // whether it is silent
  SilentBus(bus::Bus& bus, OnFlush on_flush) : ForwardingBus(bus), on_flush_(std::move(on_flush)) {}

  absl::StatusOr<std::unique_ptr<bus::Producer>> NewProducer() override {
    KAWAT_ASSIGN_OR_RETURN(auto producer, ForwardingBus::NewProducer());
    return std::make_unique<SilentProducer>(std::move(producer), on_flush_);
  }

 private:
  class SilentProducer final : public bus::Producer {
   public:
    SilentProducer(std::unique_ptr<bus::Producer> producer, OnFlush on_flush)
        : producer_(std::move(producer)), on_flush_(std::move(on_flush)) {}
    absl::Status Send(std::span<const bus::Record> records) override { return producer_->Send(records); }
    absl::Status Flush(absl::Duration patience) override {
      return on_flush_() ? absl::DeadlineExceededError("silent") : producer_->Flush(patience);
    }
    void Stop() noexcept override { producer_->Stop(); }

   private:
    const std::unique_ptr<bus::Producer> producer_;
    const OnFlush on_flush_;
  };

  const OnFlush on_flush_;
};

TEST(AdminTest, AnnouncingOutlastsASilentBus) {
  World world;
  int flushes = 0;
  SilentBus silent(world.bus, [&] {
    world.clock.Advance(absl::Minutes(1));
    return ++flushes < 3;
  });
  base::Shutdown shutdown;
  const std::unique_ptr<Admin> admin = NewAdmin(world, silent);
  EXPECT_OK(admin->Announce({SourceA()}, shutdown));
  EXPECT_EQ(flushes, 3);
  EXPECT_EQ(world.bus.Records(bus::kSources).size(), 1u);
}

TEST(AdminTest, AnnouncingEndsWhenAskedToStop) {
  World world;
  int flushes = 0;
  base::Shutdown shutdown;
  SilentBus silent(world.bus, [&] {
    if (++flushes == 3) {
      shutdown.Request();
    }
    return true;
  });
  const std::unique_ptr<Admin> admin = NewAdmin(world, silent);
  EXPECT_TRUE(absl::IsCancelled(admin->Announce({SourceA()}, shutdown)));
  EXPECT_EQ(flushes, 3);
}

TEST(AdminTest, OneErrorOfTheBusIsNotForEver) {
  World world;
  Store(world, SourceA());
  const std::unique_ptr<Admin> admin = NewAdmin(world);
  const absl::Time deadline = world.clock.Now() + absl::Seconds(5);
  world.faults->FailCall(support::Call::kFlush, 1);
  EXPECT_TRUE(absl::IsUnavailable(admin->SubmitUrl("https://a.example/1", deadline).status()));
  EXPECT_OK(admin->SubmitUrl("https://a.example/2", deadline).status());
  EXPECT_EQ(world.bus.Records(bus::kLinks).size(), 1u);
}

TEST(AdminTest, OfSourcesCreatedAtOnceUnderOneIdOneIsTaken) {
  World world;
  const std::unique_ptr<Admin> admin = NewAdmin(world);
  const absl::Time deadline = world.clock.Now() + absl::Hours(1);
  constexpr int kCallers = 4;
  std::atomic<int> created = 0, taken = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < kCallers; ++i) {
    callers.emplace_back([&, i] {
      article::Source source = SourceA();
      source.name = absl::StrCat("A", i);
      const absl::Status status = admin->CreateSource(source, deadline);
      created += status.ok() ? 1 : 0;
      taken += absl::IsAlreadyExists(status) ? 1 : 0;
    });
  }
  EXPECT_TRUE(support::WaitUntil([&] { return !world.bus.Records(bus::kSources).empty(); }));
  EXPECT_TRUE(support::WaitUntil([&] {
    EXPECT_OK(world.runner->Step().status());
    return created + taken == kCallers;
  }));
  world.clock.Advance(absl::Hours(2));  // ends those that still wait
  for (std::thread& caller : callers) {
    caller.join();
  }
  EXPECT_EQ(created, 1);
  EXPECT_EQ(world.bus.Records(bus::kSources).size(), 1u);
}

TEST(AdminTest, APageOfSourcesFitsIntoAMessage) {
  World world;
  constexpr int kSources = 12;
  for (int i = 0; i < kSources; ++i) {
    article::Source source{.id = absl::StrFormat("s%02d", i), .name = "S"};
    for (int url = 0; url < 100; ++url) {
      source.feed_urls.push_back(absl::StrCat("https://a.example/", url, std::string(1900, 'f')));
      source.sitemap_urls.push_back(absl::StrCat("https://a.example/", url, std::string(1900, 's')));
    }
    ASSERT_OK(ValidateSource(source));
    Store(world, source);
  }
  const std::unique_ptr<Admin> admin = NewAdmin(world);
  std::vector<std::string> ids;
  std::string token;
  do {
    ASSERT_OK_AND_ASSIGN(const Admin::SourcePage page, admin->ListSources(0, token));
    std::size_t bytes = 0;
    for (const article::Source& source : page.sources) {
      bytes += article::Encode(source).size();
      ids.push_back(source.id);
    }
    EXPECT_LT(bytes, 4u << 20);
    token = page.next_page_token;
  } while (!token.empty());
  ASSERT_EQ(ids.size(), static_cast<std::size_t>(kSources));
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
}

}  // namespace
}  // namespace kawat::fetch
