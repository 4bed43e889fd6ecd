using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ConfSync.Cli;

/// <summary>The options as the parser knows them, then what else somebody needs at night.</summary>
internal sealed class Help(HelpAction options) : SynchronousCommandLineAction
{
    private const string More = """
        Examples:
          nginx-sync                    push to every node of NODES
          nginx-sync -n                 see first what that would change
          nginx-sync --node web3        push to one node only, which NODES names
          nginx-sync -C                 which files differ on which node?
          nginx-sync -c web3            the same for one node
          nginx-sync --all-or-none      every node takes it, or none does
          nginx-sync settle             finish such a push that was decided and then cut off

        The first node is activated alone; the others follow once it is seen to serve. A node that fails its
        test is left as it is and the others go on. A node that fails afterwards gets its old configuration
        back, and the nodes that had not had their turn are left as they are. With --all-or-none the others get
        theirs back as well.

        Exit status of a push:
          0    every node holds the configuration and serves it
          1    nothing was pushed: something here is wrong (configuration, nginx -t, lock, usage)
          2    at least one node failed or was not reached; the rest is as reported
        Exit status of a comparison (-c, -C):
          0    no difference
          1    differences, and every node was compared
          2    a node could not be compared, or something here is wrong
        Either: 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP; every node is whole, old or new.

        The configuration file, in which two lines are enough:
          NODES="192.0.2.11 192.0.2.12"                           the peers, as ssh knows them
          CONFPATHS="/etc/nginx/nginx.conf /etc/nginx/conf.d"     what is pushed
          EXCLUDE="default.conf"                                  what is left alone everywhere
        """;

    public override int Invoke(ParseResult parseResult)
    {
        options.MaxWidth = 100;
        var status = options.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(More);
        return status;
    }
}
