#include "base/check.h"
#include "bus/embedded/embedded_bus.h"
#include "tests/integration/bus/bus_contract.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"

namespace kawat::bus {
namespace {

class EmbeddedHost final : public BusHost {
 public:
  EmbeddedHost() { Reopen(); }
  Bus& bus() override { return *bus_; }
  void Reopen() override {
    bus_.reset();
    auto bus = OpenEmbedded(folder_.path() / "log", clock_);
    KAWAT_CHECK(bus.ok(), bus.status().ToString().c_str());
    bus_ = *std::move(bus);
  }

 private:
  support::TempFolder folder_;
  support::FakeClock clock_;
  std::unique_ptr<Bus> bus_;
};

INSTANTIATE_TEST_SUITE_P(Embedded, BusContract,
                         testing::Values(+[] { return std::unique_ptr<BusHost>(std::make_unique<EmbeddedHost>()); }));

}  // namespace
}  // namespace kawat::bus
