/*
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* mptcp-run: simulates one point of an experiment in one process. What it prints is said in doc/contracts.md. */

#include "flow.h"
#include "mptcp_build_info.h"
#include "path-meter.h"
#include "range-log.h"
#include "report.h"
#include "sampler.h"
#include "scenario-error.h"
#include "scenario.h"
#include "topology.h"

#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"

#include <argp.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

using namespace ns3;

namespace experiment
{

namespace
{

const int g_exitBrokenRun = 1;
const int g_exitBadInput = 2;

/** What the command line says. */
struct Options
{
    std::string file;              //!< the scenario
    uint64_t seed{0};              //!< of all randomness; 0: not given
    std::vector<const char*> sets; //!< changes to the scenario
    std::string pcapFolder;        //!< where captures go; "": none
    bool isConfigOnly{false};      //!< print the resolved parameters only
    bool isVersionOnly{false};     //!< print what this was built from
    bool isKeysOnly{false};        //!< print the table of keys
};

enum Option
{
    OPTION_SEED = 's',
    OPTION_SET = 'S',
    OPTION_PCAP = 'p',
    OPTION_CONFIG = 256,
    OPTION_VERSION,
    OPTION_KEYS,
};

const argp_option g_options[] = {
    {"seed", OPTION_SEED, "N", 0, "Seed of all randomness, 1 or more", 0},
    {"set", OPTION_SET, "path.key=value", 0, "Change the scenario; may be given several times", 0},
    {"pcap", OPTION_PCAP, "DIR", 0, "Write a pcap file for each interface of each host into DIR", 0},
    {"print-config", OPTION_CONFIG, nullptr, 0, "Print all resolved parameters and do not simulate", 0},
    {"version-json", OPTION_VERSION, nullptr, 0, "Print what this program was built from", 0},
    {"print-keys", OPTION_KEYS, nullptr, 0, "Print the table of all keys of a scenario", 0},
    {},
};

error_t
ParseSeed(const char* text, argp_state* state)
{
    auto& options = *static_cast<Options*>(state->input);
    char* end = nullptr;
    errno = 0;
    options.seed = std::strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != 0 || errno != 0 || options.seed == 0)
    {
        argp_error(state, "--seed: expected a whole number from 1, not '%s'", text);
    }
    return 0;
}

error_t
ParseOption(int key, char* text, argp_state* state)
{
    auto& options = *static_cast<Options*>(state->input);
    switch (key)
    {
    case OPTION_SEED:
        return ParseSeed(text, state);
    case OPTION_SET:
        options.sets.push_back(text);
        return 0;
    case OPTION_PCAP:
        options.pcapFolder = text;
        return 0;
    case OPTION_CONFIG:
        options.isConfigOnly = true;
        return 0;
    case OPTION_VERSION:
        options.isVersionOnly = true;
        return 0;
    case OPTION_KEYS:
        options.isKeysOnly = true;
        return 0;
    case ARGP_KEY_ARG:
        if (!options.file.empty())
        {
            argp_error(state, "expected one scenario file, not '%s' too", text);
        }
        options.file = text;
        return 0;
    case ARGP_KEY_END:
        if (!options.isVersionOnly && !options.isKeysOnly && options.file.empty())
        {
            argp_error(state, "expected a scenario file");
        }
        if (!options.file.empty() && !options.isConfigOnly && options.seed == 0)
        {
            argp_error(state, "expected --seed");
        }
        return 0;
    }
    return ARGP_ERR_UNKNOWN;
}

void
PrintVersion()
{
    std::printf("{\"commit\":\"%s\",\"dirty\":%s,\"ns3_version\":\"%s\",\"compiler\":\"%s\"}\n", MPTCP_BUILD_COMMIT,
                MPTCP_BUILD_DIRTY ? "true" : "false", MPTCP_NS3_VERSION_STRING, MPTCP_BUILD_COMPILER);
}

void
ScheduleEvents(const scenario& s, const Topology& topology)
{
    for (size_t i = 0; i < s.events.count; i++)
    {
        for (const auto& path : topology.GetPaths())
        {
            if (std::string(path.spec->name) == s.events.at[i].path)
            {
                Simulator::Schedule(Seconds(s.events.at[i].time_s), &MptcpPath::SetLinkUp, path.path,
                                    s.events.at[i].link == SCN_LINK_UP);
            }
        }
    }
}

/** Every flow of the scenario; the run ends early once all of them have closed. */
std::vector<std::unique_ptr<Flow>>
CreateFlows(const scenario& s, const Topology& topology, size_t& openFlows)
{
    std::vector<std::unique_ptr<Flow>> flows;
    openFlows = s.flows.count;
    auto onClosed = [&openFlows]() {
        if (--openFlows == 0)
        {
            Simulator::Stop();
        }
    };
    for (size_t i = 0; i < s.flows.count; i++)
    {
        flows.push_back(std::make_unique<Flow>(s.flows.at[i], topology, i, onClosed));
    }
    return flows;
}

/** @return whether all content was as it was sent */
bool
Simulate(const scenario& s, const Options& options)
{
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(options.seed);
    Topology topology(s);
    if (!options.pcapFolder.empty())
    {
        std::filesystem::create_directories(options.pcapFolder);
        topology.EnablePcap(options.pcapFolder);
    }
    size_t openFlows;
    const auto flows = CreateFlows(s, topology, openFlows);
    const PathMeter meter(flows, topology);
    const RangeLog range(topology);
    const Sampler sampler(s, flows, topology);
    for (const auto& flow : flows)
    {
        flow->Schedule();
    }
    ScheduleEvents(s, topology);
    Simulator::Stop(Seconds(s.duration_s));
    Simulator::Run();

    const Report report({s, topology, flows, meter, range, Simulator::Now()}, stdout);
    sampler.Print(stdout);
    report.PrintSeries();
    report.PrintMetrics();
    bool isIntact = true;
    for (const auto& flow : flows)
    {
        isIntact = isIntact && !flow->IsDamaged();
    }
    return isIntact;
}

/** @return the exit status */
int
Run(const scenario& s, const Options& options)
{
    std::printf("config\t");
    scenario_print_json(&s, stdout);
    std::printf("\n");
    if (!options.isConfigOnly && !Simulate(s, options))
    {
        return g_exitBrokenRun;
    }
    if (!options.isConfigOnly)
    {
        std::printf("end\tok\n");
    }
    return std::fflush(stdout) == 0 ? 0 : g_exitBrokenRun;
}

int
Main(int argc, char** argv)
{
    argp_err_exit_status = g_exitBadInput;
    const argp parser{g_options, &ParseOption, "FILE.yaml",
                      "Simulate one point of an experiment and print its results. The file \"-\" is standard input; a "
                      "configuration that --print-config printed is a scenario, too.", nullptr, nullptr, nullptr};
    Options options;
    argp_parse(&parser, argc, argv, 0, nullptr, &options);
    if (options.isVersionOnly)
    {
        PrintVersion();
        return 0;
    }
    if (options.isKeysOnly)
    {
        scenario_print_keys(stdout);
        return 0;
    }
    char error[512];
    scn_arena arena{};
    scenario s;
    int status = g_exitBadInput;
    if (scenario_load(&s, options.file.c_str(), options.sets.data(), options.sets.size(), &arena, error, sizeof error))
    {
        try
        {
            status = Run(s, options);
        }
        catch (const ScenarioError& wrong)
        {
            std::fprintf(stderr, "%s\n", wrong.what());
        }
        catch (const std::filesystem::filesystem_error& wrong)
        {
            std::fprintf(stderr, "mptcp-run: --pcap: %s\n", wrong.what());
        }
        Simulator::Destroy();
    }
    else
    {
        std::fprintf(stderr, "%s\n", error);
    }
    scn_arena_free(&arena);
    return status;
}

} // namespace

} // namespace experiment

int
main(int argc, char** argv)
{
    return experiment::Main(argc, argv);
}
