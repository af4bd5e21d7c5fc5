import { createApp } from 'vue'
import App from './App.vue'
import './styles/index.css'
import { cleanFields } from './ui/cleaning'

cleanFields(document)
createApp(App).mount('#app')
