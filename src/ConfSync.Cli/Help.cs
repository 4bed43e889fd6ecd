using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ConfSync.Cli.Commands;
using ConfSync.Cli.Manual;

namespace ConfSync.Cli;

/// <summary>The options as the parser knows them, then what else an administrator needs at night.</summary>
internal sealed class Help(HelpAction options) : SynchronousCommandLineAction
{
    /// <summary>Calls with what each is for.</summary>
    public const string Examples = """
          nginx-sync                    push to every node of NODES
          nginx-sync -n                 see first what that would change
          nginx-sync push web3          push to one node only, which NODES names
          nginx-sync -C                 which files differ on which node?
          nginx-sync diff web3          how do they differ on one node?
          nginx-sync status             how is each node, in one line?
          nginx-sync init web1 web2     write the first configuration file
          nginx-sync doctor web3        what would keep a push from working there?
          nginx-sync cluster status     which machine holds which virtual address?
          nginx-sync --all-or-none      every node takes it, or none does
          nginx-sync settle             finish such a push that was decided and then cut off
          nginx-sync history web3       what is there to go back to?
          nginx-sync rollback web3      back to what was there before the last push
          nginx-sync adopt web3         take over to this machine what another primary pushed there
        """;

    private static string OfRoot => $"""
        Examples:
        {Examples}

        The first node is activated alone; the others follow once it is seen to serve. A node that fails its
        test is left as it is and the others go on. A node that fails afterwards gets its old configuration
        back, and the nodes that had not had their turn are left as they are. With --all-or-none the
        others get theirs back as well.

        Exit status of a push:
        {StatusTexts.Lines(StatusTexts.OfPush)}
        Exit status of a comparison (-c, -C) and of nginx-sync status:
        {StatusTexts.Lines(StatusTexts.OfComparison)}
        Either: {StatusTexts.Signals}; every node is whole, old or new.

        A failure has a code, such as (NS-2015): nginx-sync help NS-2015 says why, and what to do.

        The configuration file, in which two lines are enough:
          NODES="192.0.2.11 192.0.2.12"                           the peers, as ssh knows them
          CONFPATHS="/etc/nginx/nginx.conf /etc/nginx/conf.d"     what is pushed
          EXCLUDE="default.conf"                                  what is left alone everywhere
        """;

    private const string OfNodes = """
        A NODE is one of NODES as it is written there, or its host alone. "web1,web2" are two, "web*" and
        "web?" are patterns, "!web3" leaves one out (in quotes: shells have a meaning for * and !).
        """;

    private const string OfPush = $"""
        Examples:
          nginx-sync push               push to every node of NODES
          nginx-sync push web3 -n       see first what that would change on one node
          nginx-sync push '!web3'       push to all but one

        {OfNodes}

        See nginx-sync --help for what a push does and for its exit status.
        """;

    private static string OfCompare => $"""
        Examples:
          nginx-sync compare            which files differ on which node?
          nginx-sync diff web3          how do they differ on one node?
          nginx-sync compare -q         say nothing if all is well, for cron

        {OfNodes}
        To compare with a node that is not in NODES: nginx-sync -c NODE

        Exit status:
        {StatusTexts.Lines(StatusTexts.OfComparison)}
        """;

    private static string OfStatus => $"""
        Examples:
          nginx-sync status             how is each node?
          nginx-sync status -q          say nothing if all is well

        Of each node: was it reached; which run made what its nginx serves, and how long ago; does it hold
        something else than this machine; does nginx run what is on its disk; which version, since when;
        how far its clock is ahead; is something left of a push that was cut off. Nothing is changed.

        {OfNodes}

        Exit status:
        {StatusTexts.Lines(StatusTexts.OfStatus)}
        """;

    private static string OfInit => $"""
        Examples:
          nginx-sync init web1 web2     write /etc/nginx-sync.conf for two peers
          nginx-sync init web1 --accept SHA256:… --install-key
                                        the same where nobody can be asked

        Finds nginx and what it loads here, and proposes what is pushed. Where ssh does not know the host
        key of a node, its fingerprints are shown, and only what you confirm is trusted. Where there is
        no key to log in with, one is made. Ends with nginx-sync doctor and a dry run: no node is changed
        but for the key.

        Exit status:
        {StatusTexts.Lines(StatusTexts.OfInit)}
        """;

    private static string OfMigrate => $"""
        Examples:
          nginx-sync migrate                        the file of -f, as nginx-sync.sh left it
          nginx-sync migrate /root/nginx-sync.conf  another one

        Nothing is changed. "same" and "none" need nothing, LOOK may, and CHANGE has to be changed.

        Exit status:
        {StatusTexts.Lines(StatusTexts.OfMigrate)}
        """;

    private static string OfDoctor => $"""
        Examples:
          nginx-sync doctor             what is wrong here or on a node, and what to do about it
          nginx-sync doctor -q web3     only what is wrong, on this machine and on one node

        Of each machine: the way to it (name, route, port, host key, login, sudo), programs, disks, private
        view, lock, clock, nginx with its version, modules and files beside CONFPATHS, certificates, limits,
        and HAProxy and keepalived where they are. Nothing is changed.

        {OfNodes}

        Exit status:
        {StatusTexts.Lines(StatusTexts.OfDoctor)}
        """;

    private static string OfCluster => $"""
        Examples:
          nginx-sync cluster status     which machine holds which virtual address, now?
          nginx-sync cluster status -q  say nothing if all is well
          nginx-sync cluster move VI_1 web2
                                        web2 is to hold the addresses of VI_1
          nginx-sync cluster drain web1 web1 is to hold none, for maintenance; undrain ends that
          nginx-sync cluster show web1  the files that cluster.conf makes for web1, and what differs there
          nginx-sync cluster init       set a cluster up: its definition, files, keepalived, addresses
          nginx-sync cluster import     a cluster.conf from keepalived's files of this machine and the nodes

        Each machine is asked which addresses it has, and its keepalived in which state each instance is. A
        virtual address is one that cluster.conf or the keepalived of a machine names. Only init, move, drain
        and undrain change something; init shows what it is to do and asks before.

        Exit status:
        {StatusTexts.Lines(StatusTexts.OfCluster)}
        """;

    private static string OfRollback => $"""
        Examples:
          nginx-sync rollback            back to before the last run, on the nodes that it changed
          nginx-sync rollback -n -r      see first what that would change
          nginx-sync rollback --to 3f2a91c
                                         every node back to what it held after that run
          nginx-sync rollback web3       one node back to what it held before its last generation
          nginx-sync rollback web3 --to 7
                                         one node back to what it held after its generation 7

        Nodes have kept the former files themselves; nothing of this primary's is sent. They are tested,
        activated node by node, seen to serve and undone as in a push. A roll-back is a generation itself: a
        second one without --to takes the first one back; to go further back, use --to.

        This primary keeps its own configuration: the next push puts it on the nodes again.

        A file that was changed on a node since is named, and the node is left as it is, unless
        --force is given.

        Exit status:
        {StatusTexts.Lines(StatusTexts.OfRollback)}
          {StatusTexts.Signals}; every node is whole
        """;

    private static string OfAdopt => $"""
        Examples:
          nginx-sync adopt web3 -n       see what this machine would take over from web3
          nginx-sync adopt web3          take it over: shown first, and asked for (--yes asks nothing)
          nginx-sync adopt --undo        back to what this machine held before

        For where a push is refused because a node holds what another machine pushed (NS-3111): this machine
        gets the node's files beneath CONFPATHS, tested and activated here as on a node. Then it counts as one
        that has had them, and the next push goes on from there. Nothing is pushed. nginx-sync --adopt web3
        is the same. What EXCLUDE matches stays as it is here.

        Exit status:
        {StatusTexts.Lines(StatusTexts.OfAdopt)}
          {StatusTexts.Signals}; this machine is whole, old or new
        """;

    private static string OfHistory => $"""
        Examples:
          nginx-sync history             the runs that nodes can go back over, the last one first
          nginx-sync history -r web3     every path that each generation changed on one node

        A push or roll-back that changed something on a node leaves a generation there: when, by whom, what
        it changed and what was there before. KEEP of them stay. Numbers are each node's own.

        Exit status:
        {StatusTexts.Lines(StatusTexts.OfHistory)}
        """;

    private static string OfSettle => $"""
        Examples:
          nginx-sync settle -n           what is not finished, and what would be changed where?
          nginx-sync settle              finish it

        A push with --all-or-none that all nodes had agreed to is recorded on this machine until each of
        them is known to keep it. Where it was cut off in between, this gives it to the nodes that do not
        have it, as it was decided then. The next push does the same first.

        Exit status:
        {StatusTexts.Lines(StatusTexts.OfSettle)}
          {StatusTexts.Signals}; every node is whole
        """;

    public override int Invoke(ParseResult parseResult)
    {
        options.MaxWidth = 100;
        var status = options.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(parseResult.CommandResult.Command.Name switch
        {
            PushWord.Word => OfPush,
            CompareWord.Compared or CompareWord.Differing => OfCompare,
            StatusCommand.Word => OfStatus,
            DoctorCommand.Word => OfDoctor,
            ClusterCommand.Word => OfCluster,
            MigrateCommand.Word => OfMigrate,
            InitCommand.Word => OfInit,
            RollbackCommand.Word => OfRollback,
            AdoptCommand.Word => OfAdopt,
            HistoryCommand.Word => OfHistory,
            SettleCommand.Word => OfSettle,
            HelpCommand.Word or CompletionCommand.Word => "",
            _ => OfRoot,
        });
        return status;
    }
}
