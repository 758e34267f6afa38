// Kafka keeps the contract of every bus.
#include "base/check.h"
#include "base/shutdown.h"
#include "bus/kafka/kafka.h"
#include "tests/integration/bus/bus_contract.h"
#include "tests/support/kafka/broker.h"

namespace kawat::bus {
namespace {

class KafkaHost final : public BusHost {
 public:
  KafkaHost() { Reopen(); }
  Bus& bus() override { return *bus_; }
  void Reopen() override {
    bus_.reset();
    const absl::StatusOr<std::string> address = support::SharedKafka();
    KAWAT_CHECK(address.ok(), address.status().ToString().c_str());
    auto bus = OpenKafka({.brokers = *address}, shutdown_);
    KAWAT_CHECK(bus.ok(), bus.status().ToString().c_str());
    bus_ = *std::move(bus);
  }
  absl::Duration patience() override { return absl::Seconds(30); }

 private:
  base::Shutdown shutdown_;
  std::unique_ptr<Bus> bus_;
};

INSTANTIATE_TEST_SUITE_P(Kafka, BusContract,
                         testing::Values(+[] { return std::unique_ptr<BusHost>(std::make_unique<KafkaHost>()); }));

}  // namespace
}  // namespace kawat::bus
