#include "tests/integration/bus/bus_contract.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_bus.h"
#include "tests/support/status.h"

namespace kawat::bus {
namespace {

class MemoryHost final : public BusHost {
 public:
  Bus& bus() override { return bus_; }
  void Reopen() override {}

 private:
  support::FakeClock clock_;
  support::MemoryBus bus_{clock_};
};

INSTANTIATE_TEST_SUITE_P(Memory, BusContract,
                         testing::Values(+[] { return std::unique_ptr<BusHost>(std::make_unique<MemoryHost>()); }));

class MemoryBusTest : public testing::Test {
 protected:
  MemoryBusTest() { EXPECT_TRUE(bus_.CreateMissingTopics(std::vector{TopicSpec{.name = "t"}}).ok()); }

  support::FakeClock clock_;
  support::MemoryBus bus_{clock_};
};

TEST_F(MemoryBusTest, UnacknowledgedSendsMeetTheirFate) {
  std::size_t kept = 0;
  for (const auto& [fate, more] :
       {std::pair(support::Fate::kLost, 0U), {support::Fate::kHalf, 2U}, {support::Fate::kKept, 4U}}) {
    bus_.faults().SetFate(fate);
    bus_.faults().FailCall(support::Call::kFlush, 1);
    const auto producer = bus_.NewProducer();
    ASSERT_OK((*producer)->Send(std::vector(4, MakeRecord("t", "k", "v"))));
    EXPECT_FALSE((*producer)->Flush(absl::Seconds(1)).ok());
    EXPECT_FALSE((*producer)->Flush(absl::Seconds(1)).ok()) << "errors are sticky";
    kept += more;
    EXPECT_EQ(bus_.Records("t").size(), kept);
  }
}

TEST_F(MemoryBusTest, AnyCallCanBeMadeToFail) {
  bus_.faults().FailCall(2);
  const auto producer = bus_.NewProducer();
  EXPECT_OK((*producer)->Send(std::vector{MakeRecord("t", "k", "v")}));
  EXPECT_FALSE((*producer)->Flush(absl::Seconds(1)).ok());
  EXPECT_EQ(bus_.faults().fired(), 1);
}

TEST_F(MemoryBusTest, ATrimmedOffsetIsOutOfRange) {
  bus_.Append(MakeRecord("t", "k", "0"));
  bus_.Append(MakeRecord("t", "k", "1"));
  bus_.TrimTo({"t", 0}, 1);
  const auto consumer = bus_.NewConsumer("g");
  ASSERT_OK((*consumer)->Assign(std::vector{Position{"t", 0, 0}}));
  EXPECT_EQ((*consumer)->Poll({}).status().code(), absl::StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace kawat::bus
