#compdef pathvector-plugin
# Completion of pathvector-plugin for zsh. The program itself says what fits.

_pathvector-plugin() {
	local line about program=${~words[1]}
	local -a lines found
	lines=("${(@f)$(command "$program" __complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
	[[ $words[CURRENT] == -*=* ]] && compset -P '*='
	for line in $lines; do
		case $line in
		:files) _files ;;
		:directories) _files -/ ;;
		*)
			about=
			[[ $line == *$'\t'* ]] && about=${line#*$'\t'}
			found+=("${${line%%$'\t'*}//:/\\:}${about:+:$about}")
			;;
		esac
	done
	(( $#found )) && _describe 'word' found
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
	_pathvector-plugin "$@"
else
	compdef _pathvector-plugin pathvector-plugin
fi
