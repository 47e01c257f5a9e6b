# SPDX-License-Identifier: GPL-2.0-or-later
"""The build: `./waf --help` lists the commands and the options.

What is built follows from where a file lies (see build() below and doc/hacking.md); the sources of the ns-3 module
are listed in model/sources.txt, which CMakeLists.txt reads too. Outputs lie in build/, those with sanitizers in
build/sanitize/.
"""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

from waflib import Build, Configure, Context, Options, Scripting, Task, TaskGen

APPNAME = 'ns3-mptcp'
VERSION = '0.2'
top = '.'
out = 'build'

Configure.autoconfig = 'clobber'  # build commands configure first where that was not done or this file changed

# What policies in shared objects may call (model/core/mpt_ext.h).
EXPORTS = ['-Wl,--export-dynamic-symbol=mpt_%s_*' % kind for kind in ('cc', 'sched', 'pm')]
ENGINE = ('document', 'scenario', 'measure', 'command', 'link')  # folders of experiments/ that make mptcp-run
DATA = ['experiments/**/*.yaml', *('analysis/%s/*' % d for d in 'gp sql reference style figures'.split())]  # go to share/mptcp
WARNINGS = ['-Wall', '-Wextra', '-Wshadow']
# What is optimised as a whole, and by a profile: first it is compiled to count what is executed, then with the counts. Without counts of values
# (as that of addresses would be), equal sources make equal programs.
WHOLE = ['-O3', '-flto=auto']
COUNTING = ['-O3', '-g0', '-fprofile-generate', '-fno-profile-values', '-frandom-seed=0']
COUNTED = WHOLE + ['-fprofile-use', '-fprofile-partial-training', '-fno-profile-values', '-Wno-missing-profile']
TRAINING = 'experiments/bench/train.sh'
NS3_MODULES = ['core', 'network', 'internet', 'applications', 'bridge', 'csma', 'lte', 'mobility',
               'point-to-point', 'propagation', 'spectrum', 'traffic-control', 'wifi']


def options(opt):
    opt.load('compiler_c compiler_cxx')
    group = opt.add_option_group('Options of this project')
    group.add_option('--werror', action='store_true', default=os.environ.get('CI') == 'true',
                     help='configure: warnings are errors (default when $CI is true)')
    group.add_option('--sanitize', default='address,undefined', metavar='LIST',
                     help='configure: sanitizers of the build in build/sanitize/ [default: %default]')
    group.add_option('--coverage', action='store_true', default=False, help='configure: count executed lines (gcov)')
    group.add_option('--ns3', metavar='DIR', default='',
                     help='configure: ns-3 source folder (built) or installation to use instead of pkg-config\'s')
    group.add_option('--without-ns3', action='store_true', default=False,
                     help='configure: build what does without ns-3: core, link engine, sweep runner, figures')
    group.add_option('--without-profile', action='store_true', default=False,
                     help='configure: optimise mptcp-run without a profile: built sooner, a fifth slower')
    group.add_option('--only', metavar='WORD', default='', help='check: only tests whose name contains WORD')
    group.add_option('--trees', action='store_true', default=False,
                     help="matrix: the module in whole source trees of ns-3, profile debug, with its tests and examples")
    group.add_option('--matrix-dir', metavar='DIR', default='out/matrix', help='matrix: where the chroots go [%default]')


def init(ctx):
    known = [cls.cmd for cls in Context.classes] + [name for name in globals() if not name.startswith('_')]
    for command in Options.commands:
        if command not in known:
            ctx.fatal("no command '%s'; ./waf --help lists what there is" % command)


# ---- configure -------------------------------------------------------------------------------------------------------

def configure(conf):
    # Options that a folder was configured with before they were there are missing.
    conf.load('compiler_c' if getattr(conf.options, 'without_ns3', False) else 'compiler_c compiler_cxx')
    env = conf.env
    env.CFLAGS = ['-std=c11', '-O2', '-g', '-fPIC', '-ffp-contract=off', *WARNINGS,
                  '-Wstrict-prototypes', '-Wmissing-prototypes']
    env.CXXFLAGS = ['-O2', '-g', '-fPIC', *WARNINGS]
    env.LINKFLAGS = ['-Wl,--as-needed']
    if conf.options.werror:
        env.append_value('CFLAGS', '-Werror')
        env.append_value('CXXFLAGS', '-Werror')
    env.COVERAGE = conf.options.coverage
    if conf.options.coverage:
        for var in ('CFLAGS', 'CXXFLAGS', 'LINKFLAGS'):
            env.append_value(var, '--coverage')
    for package, name in (('nettle', 'NETTLE'), ('yaml-0.1', 'YAML'), ('sqlite3', 'SQLITE'), ('gsl', 'GSL'),
                          ('cmocka', 'CMOCKA')):
        conf.check_cfg(package=package, args='--cflags --libs', uselib_store=name, mandatory=name == 'NETTLE')
    conf.find_program('help2man', mandatory=False)
    _configure_profile(conf)
    env.WITHOUT_NS3 = getattr(conf.options, 'without_ns3', False)
    env.NS3_VERSION = 'none'
    if not env.WITHOUT_NS3:
        _configure_ns3(conf)
    conf.msg('Warnings are errors', 'yes' if conf.options.werror else 'no')

    conf.setenv('sanitize', env=env.derive())
    flags = ['-fsanitize=' + conf.options.sanitize, '-fno-sanitize-recover=all', '-fno-omit-frame-pointer']
    for var in ('CFLAGS', 'CXXFLAGS', 'LINKFLAGS'):
        conf.env.append_value(var, flags)
    # Of C++ most is ns-3's headers: optimised it takes three times as long to compile, and saves the tests nothing.
    conf.env.CXXFLAGS = ['-O0' if flag == '-O2' else '-g1' if flag == '-g' else flag for flag in conf.env.CXXFLAGS]
    conf.setenv('')


def _configure_profile(conf):
    """Set PROFILE where programs can be optimised by a profile: where this compiler finds what a program that it compiled has counted."""
    conf.start_msg('Optimising by a profile')
    conf.env.PROFILE = []
    if conf.options.coverage or getattr(conf.options, 'without_profile', False):
        conf.end_msg('no: not asked for', 'YELLOW')
        return
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + '/try.c', 'w') as source:
            source.write('static int twice(int x) { return 2 * x; }\nint main(int count, char **at) { return twice(count) + !at - 2; }\n')
        compiled = [*conf.env.CC, 'try.c', *_counts_option('try'), '-c', '-o']
        conf.env.PROFILE = all(_succeeds(command, folder) for command in (
            [*compiled, 'counting.o', *COUNTING], [*conf.env.CC, '-fprofile-generate', 'counting.o', '-o', 'counting'], ['./counting'],
            [*compiled, 'counted.o', *COUNTED, '-Wmissing-profile', '-Werror'])) or []
    if conf.env.PROFILE:
        conf.end_msg('yes')
    else:
        conf.end_msg('no: this compiler cannot; mptcp-run will be a fifth slower', 'YELLOW')


def _counts_option(name):
    """Options that call a compiler's counts of a source so, whatever its object file is called."""
    return ['-dumpbase', 'profile/' + name]


def _succeeds(command, folder):
    return subprocess.call(command, cwd=folder, env=_without_ccache(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def _without_ccache():
    """An environment in which a compiler's wrapper keeps nothing: it need not know which files an object was made from."""
    return dict(os.environ, CCACHE_DISABLE='1')


def _configure_ns3(conf):
    """Set the USE variable NS3."""
    env = conf.env
    if conf.options.ns3:
        version = _find_ns3_tree(conf, os.path.abspath(os.path.expanduser(conf.options.ns3)))
    else:
        conf.check_cfg(package=' '.join('ns3-' + m for m in NS3_MODULES), args='--cflags --libs', uselib_store='NS3',
                       msg='Checking for ns-3', errmsg='not found: ./waf setup installs it, --ns3=DIR names another')
        # Debian's files name folders that are searched anyway, one of them with a stray semicolon, and python's.
        env.INCLUDES_NS3 = [d for d in env.INCLUDES_NS3 if not re.match(r'/usr(;|/include|$)', d)]
        version = conf.check_cfg(modversion='ns3-core', msg='Checking the version of ns-3')
    conf.check_cxx(lib=[env.LIB_NS3[0].replace('core', 'fd-net-device')], libpath=env.LIBPATH_NS3, uselib_store='NS3_FD',
                   msg='Checking for ns-3 in real time', mandatory=False)
    found = re.match(r'(\d+)\.(\d+)', version)
    number = 100 * int(found[1]) + int(found[2]) if found else 999  # a development tree counts as newest
    env.NS3_VERSION, env.NS3_NUMBER = version, str(number)
    standard = 'c++17' if number < 341 else 'c++20' if number < 346 else 'c++23'
    env.append_value('CXXFLAGS', '-std=' + standard)
    env.append_value('DEFINES_NS3', ['MPTCP_NS3_VERSION=%d' % number, 'NS3_ASSERT_ENABLE', 'NS3_LOG_ENABLE'])
    conf.msg('C++ standard of this ns-3', standard)


def _find_ns3_tree(conf, folder):
    """Use the ns-3 built or installed in folder. @return its version."""
    root = os.path.join(folder, 'build') if os.path.isdir(os.path.join(folder, 'build', 'include', 'ns3')) else folder
    libs = glob.glob(os.path.join(root, 'lib*', '**', 'libns3*-core*.so'), recursive=True)
    if not libs:
        conf.fatal('--ns3=%s: no libns3*-core*.so below it; build that ns-3 first' % folder)
    prefix, suffix = re.match(r'lib(ns3.*?-)core(.*)\.so', os.path.basename(libs[0])).groups()
    conf.env.INCLUDES_NS3 = [os.path.join(root, 'include')]
    conf.env.LIBPATH_NS3 = conf.env.RPATH_NS3 = [os.path.dirname(libs[0])]
    conf.env.LIB_NS3 = [prefix + module + suffix for module in NS3_MODULES]
    version = prefix[len('ns3'):].rstrip('-').lstrip('.-')
    conf.msg('Using ns-3 of', '%s (%s)' % (root, version))
    return version


# ---- build -----------------------------------------------------------------------------------------------------------

def build(bld):
    if any(argument.startswith('--prefix') for argument in sys.argv):
        _use_prefix(bld.env)
    # Object files are numbered in the order of the programs here: those that may grow in number come last.
    bld(features='c cstlib', target='mptcore', source=_module_sources(bld, 'core/*/*.c'), includes='model/core',
        export_includes='model/core', use='NETTLE')
    # The layers up to TCP once more, for what must do without MPTCP.
    layers = ['model/core/%s/*.c' % layer for layer in ('base', 'wire', 'host', 'cc', 'tcp')]
    bld(features='c cstlib', target='mpttcp', source=bld.path.ant_glob(layers), includes='model/core',
        export_includes='model/core', use='NETTLE')
    bld(features='c cstlib', target='mptbox', source=_module_sources(bld, 'middlebox/*.c'),
        export_includes='model/middlebox')
    _build_engine(bld)
    if not bld.env.WITHOUT_NS3:
        _build_ns3(bld)
    bld.install_files('${PREFIX}/share/mptcp', bld.path.ant_glob(DATA, excl='**/*.c **/*.h'), relative_trick=True)
    _build_tools(bld)
    _build_manuals(bld)
    _build_tests(bld)


def _use_prefix(env):
    """Install where --prefix says, which waf hears at configure only."""
    configured = re.compile('^' + re.escape(env.PREFIX.rstrip('/')))
    for name in ('BINDIR', 'LIBDIR', 'PREFIX'):
        env[name] = configured.sub(Options.options.prefix, env[name])


def _build_engine(bld):
    """What both engines share, and the one without ns-3."""
    def part(folder, **args):
        sources = [s for s in bld.path.ant_glob('experiments/%s/*.c' % folder) if s.name != 'main.c']
        bld(features='c cstlib', target='experiments/' + folder, source=sources, export_includes='experiments/' + folder,
            **args)
    info = _write_build_info(bld, 'experiments/command/mptcp_build_info.h')
    part('document', use='YAML', lib='m')
    part('scenario', use='experiments/document NETTLE', lib='m')
    part('measure', use='experiments/scenario', lib='m')
    part('command', use='experiments/measure', includes=[info.parent])
    part('link', use='experiments/measure experiments/command mptcore mptbox', lib='m')


def _build_ns3(bld):
    """The ns-3 module and the programs that use it."""
    sources = _module_sources(bld, '*.cc')
    private = [line for line in bld.path.find_node('model/private-headers.txt').read().splitlines() if line[0] != '#']
    headers = bld.path.ant_glob('model/*.h model/core/mpt*.h model/middlebox/*.h helper/*.h', excl=private)
    include = _link_headers(bld, headers)
    exports = bld.path.find_node('model/exports.map')
    bld.add_manual_dependency(bld.bldnode.find_or_declare('libns3-mptcp.so'), exports)
    bld(features='cxx cxxshlib', target='ns3-mptcp', source=sources, includes=[include, 'model'], export_includes=[include],
        use='mptcore mptbox NS3', linkflags=['-Wl,--no-undefined', '-Wl,-Bsymbolic-functions', '-Wl,--version-script=' + exports.abspath()],
        install_path='${LIBDIR}')
    bld.install_files('${PREFIX}/include/ns3', headers + [include.find_node('ns3/mptcp-module.h')])
    bld(features='subst', source='model/ns3-mptcp.pc.in', target='ns3-mptcp.pc', PREFIX=bld.env.PREFIX,
        LIBDIR=re.sub('^' + re.escape(bld.env.PREFIX), '${prefix}', bld.env.LIBDIR), VERSION=VERSION, NS3_NUMBER=bld.env.NS3_NUMBER, install_path='${LIBDIR}/pkgconfig')

    # Of the link engine the queues only, of the scripts not what runs them on a core: the library has one, and sanitizers allow no other.
    queues = ['experiments/link/%s.c' % name for name in ('queue', 'red', 'codel', 'fq_codel', 'packet', 'rng')]
    tests = bld.path.ant_glob(['test/ns3/*.cc', 'test/ns3/*.c', 'test/scripts/*.c'] + queues, excl=['test/scripts/script_core.c', 'test/scripts/test_*.c'])
    _program(bld, 'mptcp-ns3-test', tests, includes='test/scripts model experiments/link', lib='m', use='ns3-mptcp NS3 mptcore NETTLE', install_path=None,
             linkflags=['-L.', '-Wl,--push-state,--no-as-needed', '-lns3-mptcp', '-Wl,--pop-state'])  # before the archive of the core: what the library exports comes from there
    _program(bld, 'mptcp-run-ns3', 'experiments/run', includes='model', use='experiments/command ns3-mptcp NS3', lib='m')
    if bld.is_tested_only:
        return
    _program(bld, 'mptcp-bench', 'experiments/bench', use='ns3-mptcp NS3', install_path=None)
    if bld.env.LIB_NS3_FD:
        sources = bld.path.ant_glob('test/kernel/*.cc test/ns3/mptcp-test-net.cc')
        _program(bld, 'mptcp-realtime-host', sources, use='ns3-mptcp NS3 NS3_FD', install_path=None)
    _program(bld, 'mptcp-describe', 'doc/chapter', use='ns3-mptcp NS3', install_path=None)
    for example in bld.path.ant_glob('examples/*.cc'):
        _program(bld, example.name[:-3], [example], use='ns3-mptcp NS3', install_path=None)


def _build_tools(bld):
    """The scenario's runner without ns-3, the sweep runner and the figures."""
    _build_runner(bld)
    for name in ('schema', 'migrate-1'):
        bld(rule=_embed_sql, source='experiments/%s.sql' % name, target='experiments/%s_sql.h' % name.replace('-', '_'),
            name=name)
    # Naming what makes its headers has them made where it alone is asked for (--targets).
    _program(bld, 'mptcp-lab', 'experiments/lab', includes='experiments', use='schema migrate-1 experiments/document SQLITE NETTLE GSL', lib='m',
             defines=['MPTCP_VERSION="%s"' % VERSION])
    parts = [source for source in bld.path.ant_glob('analysis/*.c') if source.name != 'main.c']
    bld.objects(target='analysis/parts', source=parts, use='experiments/document SQLITE GSL')
    _program(bld, 'mptcp-figures', bld.path.ant_glob('analysis/main.c'), use='analysis/parts experiments/document SQLITE GSL', lib='m',
             defines=['MPTCP_VERSION="%s"' % VERSION])
    oracle = bld.path.ant_glob('analysis/oracle/*.c')
    programs = {'mptcp-oracle': [s for s in oracle if s.name == 'main.c'],
                'mptcp-validate': [s for s in oracle if s.name.startswith('validate')]}
    bld.objects(target='analysis/oracle/parts', source=[s for s in oracle if s not in sum(programs.values(), [])],
                use='experiments/scenario GSL')
    for program, sources in programs.items():
        _program(bld, program, sources,
                 use='analysis/oracle/parts analysis/parts experiments/scenario SQLITE GSL', lib='m',
                 defines=['MPTCP_VERSION="%s"' % VERSION])


def _build_runner(bld):
    """mptcp-run: all of it at once for the optimiser (a sixth fewer instructions); elsewhere, and with sanitizers, from the libraries."""
    if bld.variant or bld.env.COVERAGE:
        _program(bld, 'mptcp-run', bld.path.ant_glob('experiments/command/main.c'), use='experiments/link experiments/command', lib='m',
                 linkflags=EXPORTS)
        return
    core = _module_sources(bld, 'core/*/*.c')
    parts = bld.path.ant_glob(['experiments/%s/*.c' % part for part in ENGINE]) + _module_sources(bld, 'middlebox/*.c')
    includes = ['model/core', 'model/middlebox', bld.bldnode.make_node('experiments/command')] + ['experiments/' + part for part in ENGINE]

    def whole(core_name, program, cflags, linkflags, **args):
        bld.objects(target=core_name, source=core, includes='model/core', use='NETTLE', cflags=cflags, **args)
        _program(bld, program, parts, use=core_name + ' YAML NETTLE', lib='m', cflags=cflags, linkflags=linkflags + EXPORTS, includes=includes, **args)
    if not bld.env.PROFILE:
        whole('core/whole', 'mptcp-run', WHOLE, WHOLE)
        return
    whole('core/whole', 'mptcp-run', COUNTED, WHOLE, profile='training')
    whole('core/counting', 'training/mptcp-run', COUNTING, ['-fprofile-generate'], profile='', install_path=None)
    bld(features='train', name='training', trained=['core/counting', 'training/mptcp-run'])


@TaskGen.feature('c')
@TaskGen.after_method('process_source', 'propagate_uselib_vars')
def name_counts(self):
    """Of what has a profile: say what a source's counts are called, and let what is compiled with them wait for them."""
    profile = getattr(self, 'profile', None)
    if profile is None:
        return
    for task in self.compiled_tasks:
        counts = _counts_of(task)
        task.env = task.env.derive()
        task.env.env = _without_ccache()
        task.env.append_value('CFLAGS', _counts_option(task.inputs[0].srcpath()))
        if profile:
            training = self.bld.get_tgen_by_name(profile)
            training.post()
            task.set_run_after(training.tasks[0])
            task.dep_nodes.append(counts)


def _counts_of(task):
    """The file with the counts of a source."""
    bld = task.generator.bld
    return bld.bldnode.find_or_declare('profile/%s.gcda' % task.inputs[0].srcpath())


@TaskGen.feature('train')
def train_programs(self):
    """Let what was compiled to count run."""
    counting = [self.bld.get_tgen_by_name(name) for name in self.trained]
    for part in counting:
        part.post()
    script = self.bld.path.find_node(TRAINING)
    scenarios = [self.bld.path.find_node(name) for name in sorted(set(re.findall(r'experiments/\S+\.yaml', script.read())))]
    self.create_task('train', [counting[-1].link_task.outputs[0], script] + scenarios, [_counts_of(task) for part in counting for task in part.compiled_tasks])


class train(Task.Task):
    """runs what counts by source what it executes"""
    color = 'PINK'

    def keyword(self):
        return 'Training'

    def run(self):
        results = self.generator.bld.bldnode.make_node('training/results')
        for counts in self.outputs:
            if counts.exists():  # else they would be added to
                os.remove(counts.abspath())
        return self.exec_command([self.inputs[1].abspath(), self.inputs[0].abspath(), results.abspath()])


def _build_manuals(bld):
    """Manual pages from what the programs say of themselves, where help2man is installed, and completion for bash."""
    bld.install_as('${PREFIX}/share/bash-completion/completions/mptcp-figures', 'doc/completion.bash')
    for program in ('mptcp-lab', 'mptcp-run', 'mptcp-oracle', 'mptcp-validate'):
        bld.symlink_as('${PREFIX}/share/bash-completion/completions/' + program, 'mptcp-figures')
    if not bld.env.HELP2MAN or bld.variant:
        return
    commands = 'plot timeline table report bundle export verify'.split()
    for program, command, about in [('mptcp-lab', '', 'sweeps of simulations into one database'),
                                    ('mptcp-run', '', 'one point of an experiment'),
                                    ('mptcp-oracle', '', 'what theory expects of a scenario'),
                                    ('mptcp-validate', '', 'measured fairness beside what theory expects'),
                                    ('mptcp-figures', '', 'figures and tables of a sweep')] + [
                                        ('mptcp-figures', command, 'figures and tables of a sweep') for command in commands]:
        bld(rule='${HELP2MAN} -N --version-string=%s -n "%s" --help-option="%s --help" -o ${TGT} ${SRC[0].abspath()}' % (
            VERSION, about, command), source=program, target='man/%s.1' % '-'.join(filter(None, (program, command))),
            install_path='${PREFIX}/share/man/man1')


def _build_tests(bld):
    """All tests in C."""
    _programs(bld, 'test/unit', use='mptcore mptbox CMOCKA', lib='m')
    _programs(bld, 'test/tcp', use='mpttcp CMOCKA')
    _build_core_bench(bld)
    _programs(bld, 'test/sim', use='mptcore', lib='m')
    _programs(bld, 'test/link', use='experiments/link experiments/command CMOCKA', lib='m')
    _programs(bld, 'test/best_path', includes='test/sim', use='mptcore test/sim/shared', lib='m')
    _programs(bld, 'test/kernel', includes='test/sim', use='mptcore test/sim/shared', lib='m')
    _programs(bld, 'test/scripts', use='mptcore NETTLE')
    _programs(bld, 'test/analysis', use='analysis/parts analysis/oracle/parts experiments/scenario SQLITE GSL CMOCKA', lib='m')
    _programs(bld, 'test/capture', flat=True, use='NETTLE', lib='m')


def _module_sources(bld, ending):
    """The files which match the patterns of model/sources.txt with that ending."""
    lines = bld.path.find_node('model/sources.txt').read().splitlines()
    return bld.path.ant_glob([line for line in lines if line.endswith(ending)])


def _build_core_bench(bld):
    """The core as mptcp-run has it, optimised as a whole; who calls it is not, so that its entry points can be told apart."""
    if bld.variant or bld.env.COVERAGE:
        _programs(bld, 'test/bench', use='mptcore')
        return
    _program(bld, 'test/bench/core_bench', bld.path.ant_glob('test/bench/core_bench.c'), includes='model/core',
             use='core/whole NETTLE', linkflags=WHOLE, install_path=None)


def _program(bld, target, sources, **args):
    """A program of a list of sources or of all sources of a folder."""
    if isinstance(sources, str):
        sources = bld.path.ant_glob([sources + '/*.c', sources + '/*.cc'])
    if sources:
        language = 'cxx' if any(s.name.endswith('.cc') for s in sources) else 'c'
        bld(features='c %s %sprogram' % (language, language), target=target, source=sources,
            rpath=['$ORIGIN', '$ORIGIN/../lib'], **args)


def _programs(bld, folder, flat=False, **args):
    """A program of each C file with a main() in the folder, together with the files that have none."""
    sources = bld.path.ant_glob(folder + '/*.c')
    mains = [s for s in sources if re.search(r'^int main\(|^main\(', s.read(), re.M)]
    shared = [s for s in sources if s not in mains]
    if shared and mains:
        objects = folder + '/shared'
        bld.objects(target=objects, source=shared, **args)
        args['use'] += ' ' + objects
    for source in mains:
        name = source.name[:-2]
        target = 'mptcp-' + name.replace('_', '-') if flat else folder + '/' + name
        _program(bld, target, [source], install_path=None, **args)


def _link_headers(bld, headers):
    """Let #include "ns3/mptcp-....h" find the headers in place, and mptcp-module.h all of them. @return the folder to search."""
    include = bld.bldnode.make_node('include')
    shutil.rmtree(include.abspath(), ignore_errors=True)
    folder = include.make_node('ns3')
    folder.mkdir()
    for header in headers:
        os.symlink(header.abspath(), folder.make_node(header.name).abspath())
    guard = 'NS3_MODULE_MPTCP'
    lines = ['#include "ns3/%s"' % name for name in sorted(header.name for header in headers)]
    folder.make_node('mptcp-module.h').write('\n'.join(
        ['/* All public headers of the module; made by the build. */', '#ifndef ' + guard, '#define ' + guard, *lines,
         '#endif', '']))
    return include


def _embed_sql(task):
    """Write an SQL file as a C string named after it."""
    lines = [line.replace('\\', '\\\\').replace('"', '\\"') for line in task.inputs[0].read().splitlines()]
    text = ''.join('    "%s\\n"\n' % line for line in lines)
    task.outputs[0].write('/* Made from %s. */\nstatic const char %s[] =\n%s    ;\n'
                          % (task.inputs[0].name, task.outputs[0].name[:-2], text))


def _write_build_info(bld, name):
    """Write the header that tells mptcp-run what it was built from, where that changed. @return its node."""
    def said_by(*command):
        try:
            return subprocess.check_output(command, cwd=bld.path.abspath(), stderr=subprocess.DEVNULL, text=True).strip()
        except (OSError, subprocess.CalledProcessError):
            return None
    commit = said_by('git', 'rev-parse', 'HEAD')
    text = ''.join('#define %s %s\n' % line for line in (
        ('MPTCP_VERSION', '"%s"' % VERSION),
        ('MPTCP_BUILD_COMMIT', '"%s"' % (commit or 'unknown')),
        ('MPTCP_BUILD_DIRTY', 0 if commit and said_by('git', 'status', '--porcelain') == '' else 1),
        ('MPTCP_BUILD_COMPILER', '"%s"' % said_by(*(bld.env.CXX or bld.env.CC), '--version').splitlines()[0].replace('"', '')),
        ('MPTCP_NS3_VERSION_STRING', '"%s"' % bld.env.NS3_VERSION)))
    node = bld.bldnode.make_node(name)
    node.parent.mkdir()
    if not node.exists() or node.read() != text:
        node.write(text)
    return node


Build.BuildContext.is_tested_only = False


class SanitizeContext(Build.BuildContext):
    """builds everything again with sanitizers, in build/sanitize/"""
    cmd = 'sanitize'
    variant = 'sanitize'


class SanitizeTestedContext(SanitizeContext):
    """builds with sanitizers what check runs with them: without the examples"""
    cmd = 'sanitize_tested'
    is_tested_only = True


# ---- commands --------------------------------------------------------------------------------------------------------

def _run(ctx, *command, stdout=None):
    """Run a program in the top folder; end with its exit status if that is not 0."""
    sys.stdout.flush()
    status = subprocess.call(command, cwd=ctx.path.abspath(), stdout=stdout)
    if status != 0:
        sys.exit(status if status > 0 else 1)


def setup(ctx):
    """installs the Debian packages that are missing (see .ci/packages)"""
    _run(ctx, '.ci/setup')


def quickstart(ctx):
    """sets up, builds, sweeps buffers (link engine) and handover (ns-3), draws their figures in out/quickstart/"""
    db, figures = 'out/quickstart/results.db', 'out/quickstart/figures'
    setup(ctx)
    _build_only('mptcp-run', 'mptcp-lab', 'mptcp-figures')
    ctx.path.make_node(figures).mkdir()
    buffers = 'out/quickstart/buffers.db'
    _run(ctx, 'build/mptcp-lab', 'sweep', 'experiments/buffers/sweep.yaml', '--db', buffers, '-j', str(Options.options.jobs))
    _run(ctx, 'build/mptcp-figures', 'plot', '--db', buffers, '--campaign', 'buffers', '--x', 'receive_buffer_bytes', '--y', 'goodput',
         '--series', 'delay_ms', '--panel', 'scheduler', '--out', figures, stdout=subprocess.DEVNULL)
    print('The first figure, of the link engine: ' + ', '.join(
        node.path_from(ctx.path) for node in ctx.path.ant_glob(figures + '/*-receive_buffer_bytes-*.pdf')))
    _build_only('mptcp-run-ns3')
    _run(ctx, 'build/mptcp-lab', 'sweep', 'experiments/handover/sweep.yaml', '--db', db, '-j', str(Options.options.jobs))
    _run(ctx, 'build/mptcp-figures', 'all', '--db', db, '--out', figures, stdout=subprocess.DEVNULL)
    _run(ctx, 'build/mptcp-figures', 'table', '--db', db, '--entity', 'flow:download',
         '--metric', 'goodput_in_range,goodput_out_of_range,stall_max')
    print('Results: %s\nFigures, each as PDF, SVG and PNG:' % db)
    for name in sorted(node.name for node in ctx.path.ant_glob(figures + '/*.pdf')):
        print('  %s/%s' % (figures, name))
    if not Options.commands:
        sys.exit(0)


def _build_only(*targets):
    """Build these, and what they need."""
    all_targets, Options.options.targets = Options.options.targets, ','.join(targets)
    Scripting.run_command('build')
    Options.options.targets = all_targets


def check(ctx):
    """sets up, builds and runs every test; the last line counts them"""
    setup(ctx)
    Scripting.run_command('build')
    Scripting.run_command('sanitize_tested')
    _run(ctx, sys.executable, 'test/run_tests.py', *([Options.options.only] if Options.options.only else []))
    if not Options.commands:
        sys.exit(0)  # without waf's own last line: the count is the last


def coverage(ctx):
    """tells which branches of the core its tests take: a table, and out/coverage/index.html"""
    setup(ctx)
    _run(ctx, 'test/coverage.sh')
    if not Options.commands:
        sys.exit(0)


def bench(ctx):
    """compares the cost of MPTCP with that of ns-3's own TCP; the last line is RATIO one=X two=Y link=Z"""
    setup(ctx)
    Scripting.run_command('build')
    _run(ctx, 'experiments/bench/bench.sh')
    if not Options.commands:
        sys.exit(0)


def matrix(ctx):
    """builds and tests the module with other versions of ns-3, in chroots (needs root and debootstrap)"""
    _run(ctx, '.ci/matrix', *(['--trees'] if Options.options.trees else []), Options.options.matrix_dir)
