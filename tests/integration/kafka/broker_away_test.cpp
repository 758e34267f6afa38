// A broker that is away: waited for, said so, nothing lost. These tests stop brokers, so each has its own.
#include <gmock/gmock.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/integration/kafka/kafka_fixture.h"
#include "tests/support/wait.h"

namespace kawat::bus {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr const char* kNobody = "127.0.0.1:1";

TEST(BrokerAwayTest, OpeningWaitsAndSaysSoAndCanBeStopped) {
  base::Shutdown shutdown;
  testing::internal::CaptureStderr();
  std::thread opening([&shutdown] {
    const auto bus = OpenKafka({.brokers = kNobody}, shutdown);
    EXPECT_EQ(bus.status().code(), absl::StatusCode::kCancelled);
  });
  EXPECT_FALSE(shutdown.WaitFor(absl::Milliseconds(1500)));  // it waits: for longer than it is silent
  const absl::Time asked = absl::Now();
  shutdown.Request();
  opening.join();
  EXPECT_LT(absl::Now() - asked, absl::Seconds(4));
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_THAT(said, HasSubstr("waiting for 127.0.0.1:1"));
  EXPECT_THAT(said, HasSubstr("Connection refused"));
}

TEST(BrokerAwayTest, WrongAddressesAreRefused) {
  base::Shutdown shutdown;
  for (const char* brokers : {"", "kafka", "kafka:port", "kafka:9092,", ":9092", "kafka:90920"}) {
    EXPECT_EQ(OpenKafka({.brokers = brokers}, shutdown).status().code(), absl::StatusCode::kInvalidArgument) << brokers;
  }
}

TEST(BrokerAwayTest, ARestartInTheMiddleLosesAndRepeatsNothing) {
  ASSERT_OK_AND_ASSIGN(const auto broker, support::KafkaBroker::Start());
  base::Shutdown shutdown;
  ASSERT_OK_AND_ASSIGN(const auto bus, OpenKafka({.brokers = broker->address()}, shutdown));
  const TopicSpec spec{.name = "t"};
  ASSERT_OK(bus->CreateMissingTopics({&spec, 1}));
  ASSERT_OK_AND_ASSIGN(const auto producer, bus->NewProducer());
  ASSERT_OK_AND_ASSIGN(const auto consumer, bus->NewConsumer("g"));
  ASSERT_OK(consumer->Assign(std::vector<Position>{{"t", 0, 0}}));

  int sent = 0;
  const auto send = [&](int count) {
    for (int i = 0; i < count; ++i) {
      const Record record = MakeRecord("t", 0, "key", absl::StrCat(sent++));
      ASSERT_OK(producer->Send({&record, 1}));
    }
  };
  std::vector<Record> read;
  const auto poll = [&](std::size_t until) {
    ASSERT_OK_AND_ASSIGN(const auto some, PollAll(*consumer, until - read.size()));
    read.insert(read.end(), some.begin(), some.end());
  };
  send(1000);
  ASSERT_OK(producer->Flush(kPatience));
  poll(1000);
  send(1000);  // some of these are on their way
  broker->Kill();
  send(1000);
  EXPECT_EQ(producer->Flush(absl::Milliseconds(200)).code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_OK(consumer->Poll({}));
  ASSERT_OK(broker->Restart());
  send(1000);
  ASSERT_OK(producer->Flush(absl::Seconds(60)));
  poll(static_cast<std::size_t>(sent));

  ASSERT_THAT(read, SizeIs(sent));
  for (int i = 0; i < sent; ++i) {
    ASSERT_EQ(read[i].value, absl::StrCat(i));
    ASSERT_EQ(read[i].offset, i);
  }
}

TEST(BrokerAwayTest, ItIsSaidOnceAndWaitingCallsCanBeStopped) {
  ASSERT_OK_AND_ASSIGN(const auto broker, support::KafkaBroker::Start());
  base::Shutdown shutdown;
  ASSERT_OK_AND_ASSIGN(auto bus, OpenKafka({.brokers = broker->address()}, shutdown));
  const TopicSpec spec{.name = "t"};
  ASSERT_OK(bus->CreateMissingTopics({&spec, 1}));
  ASSERT_OK_AND_ASSIGN(auto producer, bus->NewProducer());
  ASSERT_OK_AND_ASSIGN(auto consumer, bus->NewConsumer("g"));
  ASSERT_OK(consumer->Subscribe(std::vector<std::string>{"t"}));
  ASSERT_OK(consumer->Poll({}));

  testing::internal::CaptureStderr();
  broker->Stop();
  const Record record = MakeRecord("t", 0, "key", std::string(1 << 19, 'x'));
  std::thread sender([&] {
    absl::Status status;
    while (status.ok()) {
      status = producer->Send({&record, 1});  // waits when 16 MiB are queued
    }
    EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
    EXPECT_EQ(producer->Flush(kPatience).code(), absl::StatusCode::kCancelled);
  });
  std::thread poller([&] {
    absl::Status status;
    while (status.ok() || absl::IsUnavailable(status)) {
      status = consumer->Poll({.patience = absl::Seconds(30)}).status();
    }
    EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  });
  EXPECT_TRUE(support::WaitUntil([&] { return absl::Now() - bus->LastHeard() > absl::Seconds(6); }, kPatience))
      << "LastHeard moves on without a broker";
  const absl::Time asked = absl::Now();
  producer->Stop();
  consumer->Stop();
  sender.join();
  poller.join();
  EXPECT_LT(absl::Now() - asked, absl::Seconds(6));
  producer.reset();
  consumer.reset();
  bus.reset();
  EXPECT_LT(absl::Now() - asked, absl::Seconds(12)) << "closing has a deadline";
  const std::string said = testing::internal::GetCapturedStderr();
  const std::string line = absl::StrCat("kafka: ", broker->address(), " does not answer, retrying: ");
  ASSERT_THAT(said, HasSubstr(line));
  EXPECT_EQ(said.find(line), said.rfind(line)) << said;
}

}  // namespace
}  // namespace kawat::bus
