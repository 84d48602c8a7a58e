# Completion of pathvector-plugin for fish. The program itself says what fits.

function __pathvector_plugin_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l option (string match -r -- '^-[^=]*=' "$current")
    set -l value (string replace -- "$option" '' "$current")
    for line in (command $before[1] __complete $before[2..-1] "$current" 2>/dev/null)
        switch $line
            case :files
                # fish completes names of files for a command that it does not know.
                for file in (complete -C "__pathvector_plugin_files $value")
                    echo "$option$file"
                end
            case :directories
                for dir in (__fish_complete_directories "$value")
                    echo "$option$dir"
                end
            case '*'
                echo "$option$line"
        end
    end
end

complete -c pathvector-plugin -f -a '(__pathvector_plugin_complete)'
