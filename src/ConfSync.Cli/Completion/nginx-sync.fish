# Completion of nginx-sync in fish. nginx-sync itself knows what may follow: a candidate a line, then a tab and what it is.

function __nginx_sync_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l lines ($words[1] __complete -- $words[2..] 2>/dev/null)
    if test "$lines" = ':files'
        __fish_complete_path (commandline -ct)
    else
        string join \n -- $lines
    end
end

complete -c nginx-sync -f -a '(__nginx_sync_complete)'
complete -c nginx-sync.sh -f -a '(__nginx_sync_complete)'
