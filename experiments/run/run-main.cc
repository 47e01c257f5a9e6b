/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* mptcp-run-ns3: what mptcp-run becomes for a scenario of engine ns3. */

#include "command.h"
#include "flow.h"
#include "path-meter.h"
#include "range-log.h"
#include "recorder.h"
#include "sampler.h"
#include "scenario-error.h"
#include "scenario.h"
#include "topology.h"
#include "wire-events.h"

#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

using namespace ns3;

namespace experiment
{

namespace
{

/** Every flow of the scenario; the run ends early once all of them have closed. */
std::vector<std::unique_ptr<Flow>>
CreateFlows(measure& record, const Topology& topology, size_t& openFlows)
{
    std::vector<std::unique_ptr<Flow>> flows;
    openFlows = record.flow_count;
    auto onClosed = [&openFlows]() {
        if (--openFlows == 0)
        {
            Simulator::Stop();
        }
    };
    for (size_t i = 0; i < record.flow_count; i++)
    {
        flows.push_back(std::make_unique<Flow>(record, topology, i, onClosed));
    }
    return flows;
}

void
CountActions(measure& record, const Topology& topology)
{
    for (const auto& path : topology.GetPaths())
    {
        for (const auto& box : path.path->GetMiddleboxes())
        {
            record.middlebox_actions[path.spec - record.spec->paths.at] += box->GetActions();
        }
    }
}

/** Record the radio paths instead of simulating the flows. */
void
Record(const scenario& s, const command& options, measure& record, const Topology& topology)
{
    const Recorder recorder(record, topology);
    Simulator::Stop(Seconds(s.duration_s));
    Simulator::Run();
    recorder.Write(options.record_folder);
}

void
CountHosts(measure& record, const Topology& topology)
{
    for (size_t i = 0; i < record.spec->hosts.count; i++)
    {
        const char* host = record.spec->hosts.at[i].name;
        if (!measure_wants_counters_of(&record, host))
        {
            continue;
        }
        for (const auto& [name, value] : ReadCounters(topology.GetHost(host)))
        {
            if (measure_wants_counter(&record, name))
            {
                measure_count(&record, host, name, value);
            }
        }
    }
}

void
Simulate(const scenario& s, const command& options, measure& record)
{
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(options.seed);
    Config::SetDefault("ns3::PcapFileWrapper::NanosecMode", BooleanValue(true));
    Topology topology(s);
    if (options.record_folder)
    {
        Record(s, options, record, topology);
        return;
    }
    size_t openFlows;
    const auto flows = CreateFlows(record, topology, openFlows);
    const PathMeter meter(flows, topology);
    LogRange(record, topology);
    const Sampler sampler(record, flows, topology);
    for (const auto& flow : flows)
    {
        flow->Schedule();
    }
    ScheduleEvents(s, topology);
    if (options.pcap_folder)
    {
        std::filesystem::create_directories(options.pcap_folder);
        topology.EnablePcap(options.pcap_folder);
    }
    command_print_config(&s, &options, record.out);
    Simulator::Stop(Seconds(s.duration_s));
    Simulator::Run();

    for (const auto& flow : flows)
    {
        flow->Finish();
    }
    CountActions(record, topology);
    CountHosts(record, topology);
    measure_print(&record, Simulator::Now().GetNanoSeconds());
}

/** The command_engine. */
bool
SimulateOrSay(const scenario* s, const command* options, measure* record)
{
    bool isDone = false;
    try
    {
        Simulate(*s, *options, *record);
        isDone = true;
    }
    catch (const ScenarioError& wrong)
    {
        std::fprintf(stderr, "%s\n", wrong.what());
    }
    catch (const std::filesystem::filesystem_error& wrong)
    {
        std::fprintf(stderr, "mptcp-run: --pcap, --record: %s\n", wrong.what());
    }
    Simulator::Destroy();
    return isDone;
}

/** For mptcp-run, which does not know ns-3's names: print the configuration if sockets of its flows can be made. */
int
PrintConfig(const scenario& s)
{
    try
    {
        CheckFlows(s);
    }
    catch (const ScenarioError& wrong)
    {
        std::fprintf(stderr, "%s\n", wrong.what());
        return COMMAND_BAD_INPUT;
    }
    const command asked{};
    command_print_config(&s, &asked, stdout);
    return std::fflush(stdout) == 0 ? COMMAND_DONE : COMMAND_BROKEN_RUN;
}

int
Main(int argc, char** argv)
{
    command options;
    command_parse(&options, argc, argv);
    char error[512];
    scn_arena arena{};
    scenario s;
    int status = COMMAND_BAD_INPUT;
    if (!options.file)
    {
        std::fprintf(stderr, "mptcp-run-ns3: simulates only; mptcp-run does the rest\n");
    }
    else if (!scenario_load(&s, options.file, options.sets, options.set_count, &arena, error, sizeof error))
    {
        std::fprintf(stderr, "%s\n", error);
    }
    else if (s.engine != SCN_ENGINE_NS3)
    {
        std::fprintf(stderr, "mptcp-run-ns3: engine: expected ns3; mptcp-run runs either\n");
    }
    else if (options.is_config_only)
    {
        status = PrintConfig(s);
    }
    else
    {
        status = command_run(&s, &options, &SimulateOrSay);
    }
    scn_arena_free(&arena);
    command_free(&options);
    return status;
}

} // namespace

} // namespace experiment

int
main(int argc, char** argv)
{
    return experiment::Main(argc, argv);
}
